package Clockgate::Bench::Plot;

# Panels beside each other: microseconds by a number on a logarithmic axis.
#
#	print svg({ title => ..., x => ..., points => [[1, 20], ...] },
#	    ...);

use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(max min);

our @EXPORT_OK = qw(svg);

my ($WIDTH, $HEIGHT, $LEFT, $TOP, $BOTTOM) = (340, 280, 56, 40, 52);
my $SPAN = $WIDTH - $LEFT - 20;		# of the axes
my $RISE = $HEIGHT - $TOP - $BOTTOM;

sub svg
{
	my (@panel) = @_;
	my $n = 0;
	return sprintf(qq{<svg xmlns="http://www.w3.org/2000/svg" width="%d" }
	    . qq{height="%d" font-family="sans-serif" font-size="11">\n}
	    . qq{<rect width="100%%" height="100%%" fill="white"/>\n},
	    $WIDTH * @panel, $HEIGHT)
	    . join('', map { _panel($_, $WIDTH * $n++) } @panel) . "</svg>\n";
}

sub _text
{
	my ($x, $y, $anchor, $text, $more) = @_;
	my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;');
	$text =~ s/([&<>])/$entity{$1}/g;
	return sprintf qq{<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>\n},
	    $x, $y, $anchor, $more // '', $text;
}

sub _line
{
	return sprintf qq{<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" }
	    . qq{stroke="%s"/>\n}, @_;
}

# 1, 2 or 5 times a power of ten, so that there are five lines or so.
sub _step
{
	my ($top) = @_;
	my $step = 10 ** int(log($top) / log(10) - 1);
	for my $factor (1, 2, 2.5, 2, 1, 2, 2.5, 2) {
		$step *= $factor;
		return $step if $top / $step <= 6;
	}
	return $step;
}

sub _short
{
	my ($n) = @_;
	return $n >= 1e6 ? $n / 1e6 . ' M' : $n >= 1e3 ? $n / 1e3 . ' k' : $n;
}

# Zero has no logarithm: it stands at the left, one step before the rest.
sub _places
{
	my (@x) = @_;
	my ($least) = sort { $a <=> $b } grep { $_ > 0 } @x;
	my @log = map { log($_ > 0 ? $_ : $least / 2) } @x;
	my ($from, $to) = (min(@log), max(@log));
	return map { $to > $from ? ($_ - $from) / ($to - $from) : 0.5 } @log;
}

sub _panel
{
	my ($p, $at) = @_;
	my @point = @{ $p->{points} };
	my ($left, $bottom) = ($at + $LEFT, $TOP + $RISE);
	my $step = _step(1.15 * max(map { $_->[1] } @point));
	my $top = $step * (1 + int(1.15 * max(map { $_->[1] } @point) / $step));
	my $text = _text($at + $WIDTH / 2, 20, 'middle', $p->{title},
	    ' font-weight="bold"');
	for (my $y = 0; $y <= $top * 1.0001; $y += $step) {
		my $v = $bottom - $RISE * $y / $top;
		$text .= _line($left, $v, $left + $SPAN, $v, '#ddd')
		    . _text($left - 6, $v + 4, 'end', 0 + sprintf '%.10g', $y);
	}
	my @place = _places(map { $_->[0] } @point);
	my @xy = map { [ $left + 8 + ($SPAN - 16) * $place[$_],
	    $bottom - $RISE * $point[$_][1] / $top ] } 0 .. $#point;
	$text .= sprintf qq{<polyline points="%s" fill="none" stroke="#2060a0" }
	    . qq{stroke-width="2"/>\n},
	    join ' ', map { sprintf '%.1f,%.1f', @$_ } @xy;
	for my $i (0 .. $#xy) {
		$text .= sprintf(qq{<circle cx="%.1f" cy="%.1f" r="3" }
		    . qq{fill="#2060a0"/>\n}, @{ $xy[$i] })
		    . _text($xy[$i][0], $bottom + 16, 'middle',
			_short($point[$i][0]));
	}
	return $text . _text($left + $SPAN / 2, $bottom + 36, 'middle', $p->{x})
	    . _text(0, 0, 'middle', 'microseconds', sprintf(' transform="translate(%.1f '
	    . '%.1f) rotate(-90)"', $at + 16, $TOP + $RISE / 2));
}

1;
