package Clockgate::Bench::Table;

# Rounds of measuring, and the table that is made of them.
#
#	my $result = measure($row, \&rounds, \&progress);
#	print table(@results);
#
# A row with "least" measures figure and reference in turns, and their ratio
# must be at least that.  A row with "most" has a figure alone.  One with
# neither need not reach anything.  Each may have a note, made by a function
# after the rounds.

use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(max min);

our @EXPORT_OK = qw(measure table number median reach);

my $FORMAT = "%-14s %12s %12s %7s %7s %7s %7s  %s\n";

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# With commas, and digits enough to compare.
sub number
{
	my ($n) = @_;
	my $text = $n < 10 ? sprintf('%.2f', $n)
	    : $n < 100 ? sprintf('%.1f', $n) : sprintf('%.0f', $n);
	1 while $text =~ s/^(\d+)(\d{3})/$1,$2/;
	return $text;
}

# In turns, so that what else the machine does falls on both.  How many
# rounds is asked before each.
sub measure
{
	my ($row, $rounds, $progress) = @_;
	my $r = { row => $row, figure => [], reference => [], judged => [] };
	eval {
		$row->{prepare}->() if $row->{prepare};
		_round($r, $row, $progress)
		    while @{ $r->{judged} } < $rounds->();
		1;
	} or $r->{failed} = $@ =~ s/\n?\z/\n/r;
	$r->{good} = !$r->{failed} && _reached($row, median(@{ $r->{judged} }));
	$r->{note} = $row->{note}->() if $row->{note} && !$r->{failed};
	return $r;
}

sub _round
{
	my ($r, $row, $progress) = @_;
	my $figure = $row->{figure}->();
	my $reference = $row->{reference} && $row->{reference}->();
	die "the reference did nothing\n" if $row->{reference} && !$reference;
	push @{ $r->{figure} }, $figure;
	push @{ $r->{reference} }, $reference if $reference;
	push @{ $r->{judged} }, $reference ? $figure / $reference : $figure;
	$progress->("$row->{name}: " . number($figure) . ($reference ?
	    sprintf ' / %s = %.3f', number($reference), $r->{judged}[-1] : ''));
}

sub _reached
{
	my ($row, $judged) = @_;
	return defined $row->{least} ? $judged >= $row->{least}
	    : !defined $row->{most} || $judged <= $row->{most};
}

sub reach
{
	my ($row) = @_;
	return defined $row->{least} ? sprintf '%.2f', $row->{least}
	    : defined $row->{most} ? "<= $row->{most}" : '-';
}

sub _line
{
	my ($r) = @_;
	my $row = $r->{row};
	return sprintf $FORMAT, $row->{name}, ('-') x 5, reach($row), 'failed'
	    if $r->{failed};
	my @judged = @{ $r->{judged} };
	return sprintf $FORMAT, $row->{name}, number(median(@{ $r->{figure} })),
	    $row->{reference} ? number(median(@{ $r->{reference} })) : '-',
	    (map { sprintf $row->{reference} ? '%.2f' : '%.1f', $_ }
		median(@judged), min(@judged), max(@judged)),
	    reach($row), reach($row) eq '-' ? '-' : $r->{good} ? 'ok' : 'short';
}

sub table
{
	my (@result) = @_;
	return '' if !@result;
	return sprintf($FORMAT, qw(figure measured reference ratio min max reach
	    result)) . join('', map { _line($_) } @result) . "\n"
	    . join '', map { _explained($_) } @result;
}

sub _explained
{
	my ($r) = @_;
	my $against = $r->{row}{against};
	return sprintf("%-14s %s%s\n", $r->{row}{name}, $r->{row}{what},
	    $against ? "; reference: $against" : '')
	    . join '', map { ' ' x 15 . "$_\n" }
	    map { split /\n/ } grep { defined } @{$r}{qw(note failed)};
}

1;
