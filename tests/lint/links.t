# What a page links to is in the tree, and so is the heading behind a #.

use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use Clockgate::Lint qw(top files slurp report);

my @page = ((grep { -f top() . "/$_" } qw(README.md CONTRIBUTING.md SECURITY.md)),
    files(qr/\.md$/, qw(docs schema tests)));

# As web pages of repositories name them.
sub anchors
{
	my ($page) = @_;
	return map { s/[^\w\s-]//gr =~ tr/ /-/r } map { lc } slurp($page) =~ /^#+ (.*)$/mg;
}

sub faults
{
	my ($page) = @_;
	my ($found, @fault) = (0);
	my $text = slurp($page);
	while ($text =~ /\]\(([^)#]*)(?:#([^)]+))?\)/g) {
		my ($file, $anchor) = ($1, $2);
		next if $file =~ /^https?:/;
		$found++;
		my $to = $file eq '' ? $page : dirname($page) . "/$file";
		push @fault, "$page: $file" if !-e top() . "/$to";
		push @fault, "$page: $file#$anchor" if defined $anchor
		    && !grep { $_ eq $anchor } anchors($to);
	}
	return ($found, @fault);
}

my ($links, @faults) = (0);
for my $page (@page) {
	my ($found, @fault) = faults($page);
	$links += $found;
	push @faults, @fault;
}
cmp_ok($links, '>', 40, 'the links are found');
report('and each leads somewhere', @faults);

done_testing();
