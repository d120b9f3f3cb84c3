# What the programs know about configuration and commands, the pages of the
# manual and the sample say the same.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(build slurp report);

my $clockgate = build() . '/clockgate';

# The output of the program.
sub said
{
	open my $out, '-|', $clockgate, @_ or die "$clockgate: $!\n";
	local $/;
	my $text = <$out>;
	close $out or die "clockgate @_: status $?\n";
	return $text;
}

# A page without what mdoc needs: escapes, and Po and Pc.
sub page
{
	my ($file) = @_;
	my $text = slurp("man/$file");
	$text =~ s/\\&//g;
	$text =~ s/\\\(dq/"/g;
	$text =~ s/\\\(aq/'/g;
	$text =~ s/\\e/\\/g;
	return $text;
}

# "section.key" => "1 to 64; default 64" of the sample.
sub of_sample
{
	my ($text) = @_;
	my (%found, $section, $comment);
	for (split /\n/, $text) {
		if (/^\[(\w+)\]$/) {
			$section = $1;
		} elsif (/^# (.*)/) {
			$comment .= " $1";
		} elsif (/^;(\w+) =/) {
			my $key = $1;
			($found{"$section.$key"}) =
			    $comment =~ /^ .*? \(((?:[^()]|\([^()]*\))*; default .*)\)$/;
		} else {
			$comment = '';
		}
	}
	return %found;
}

# The same of the page: "Ss Section server", "It Ic gather", Po ... Pc.
sub of_page
{
	my ($text) = @_;
	my (%found, $section, $key, $limits);
	for (split /\n/, $text) {
		if (/^\.Ss (?:Section )?(.*)/) {
			$section = $1;
		} elsif (/^\.It Ic (\w+)$/) {
			$key = "$section.$1";
			$found{$key} = '(none)';
		} elsif ($_ eq '.Po') {
			$limits = '';
		} elsif (/^\.Pc/) {
			$found{$key} = substr $limits, 1;
			$limits = undef;
		} elsif (defined $limits) {
			$limits .= " $_";
		}
	}
	return %found;
}

my $sample = said('config', '--sample');
my %sample = of_sample($sample);
my %page = of_page(page('clockgate.ini.5'));

cmp_ok(scalar keys %sample, '>', 40, 'the sample has the keys');
report('the limits of every key can be read',
    grep { !defined $sample{$_} } sort keys %sample);
report('clockgate.ini(5) has every key, with its limits and default',
    map { "$_: is \"$sample{$_}\", the page says \"" . ($page{$_} // '') . '"' }
    grep { ($page{$_} // '') ne ($sample{$_} // '') } sort keys %sample);
report('and no other key', grep { !exists $sample{$_} } sort keys %page);
is($sample, slurp('apache-conf/clockgate.ini.sample'),
    'apache-conf/clockgate.ini.sample is what "clockgate config --sample" prints');

# ---- the commands and their options ----

my $manual = page('clockgate.1');
my ($commands) = said('--help') =~ /^Commands:\n(.*?)\n\n/ms;
my @commands = map { /^  ([a-z]+(?: [a-z-]+)?)(?: |$)/ ? $1 : () } split /\n/, $commands;

# What belongs to one command: from its .It Cm to the next.
sub of_command
{
	my ($name) = @_;
	my ($text) = $manual =~ /^(\.It Cm \Q$name\E(?: [^\n]*)?\n.*?)(?=^\.It Cm (?:migrate|check|config|allow|audit|device|punch|operation|photo|template|rejected|command|file|completion)\b|^\.Sh )/ms;
	return $text;
}

cmp_ok(scalar @commands, '>=', 10, 'the help names the commands');
report('clockgate(1) has every command', grep { !defined of_command($_) } @commands);

my @global = said('--help') =~ /^  --(\w+)/mg;
report('and every option for all commands',
    grep { $manual !~ /^\.It Fl Fl $_\b/m } @global);

my @missing;
for my $command (@commands) {
	my $text = of_command($command) // '';
	for my $option (said(split(/ /, $command), '--help') =~ /^  --(\w+)/mg) {
		next if grep { $_ eq $option } @global;
		push @missing, "$command --$option" if $text !~ /^\.It Fl Fl $option\b/m;
	}
}
report('and every option of each', @missing);

my @unknown = grep { my $name = $_; !grep { $_ eq $name } @commands }
    $manual =~ /^\.It Cm ((?:allow|audit|device|punch|operation|photo|template|rejected|command|file|completion|migrate|check|config)
    (?:\ (?:add|approve|bash|cancel|catalogue|disable|list|raw|remove|resend|retry|rotate-key|send|set-key|set|show|user|verify)(?![a-z-]))?)(?:\ |$)/xmg;
report('and no other command', @unknown);

done_testing();
