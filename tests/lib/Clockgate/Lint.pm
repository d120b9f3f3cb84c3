package Clockgate::Lint;

# What the lint tests share: the files of the tree, and C without its comments
# or without its strings.

use strict;
use warnings;
use Exporter 'import';
use File::Find ();

our @EXPORT_OK = qw(top build files slurp code literals report have);

sub top   { return $ENV{top_srcdir}   || '.' }
sub build { return $ENV{top_builddir} || '.' }

# The files below the folders, by their names relative to the top, whose name
# matches the pattern.
sub files
{
	my ($match, @dirs) = @_;
	my $top = top();
	my @found;

	for my $dir (grep { -d "$top/$_" } @dirs) {
		File::Find::find({ no_chdir => 1, wanted => sub {
			return unless -f $_ && $_ =~ $match;
			push @found, substr($_, length($top) + 1);
		} }, "$top/$dir");
	}
	return sort @found;
}

sub slurp
{
	my ($file) = @_;
	open my $fh, '<:raw', top() . "/$file" or die "$file: $!\n";
	local $/;
	return scalar <$fh>;
}

my $comment = qr{/\*.*?\*/|//[^\n]*}s;
my $string  = qr{"(?:\\.|[^"\\\n])*"};
my $char    = qr{'(?:\\.|[^'\\\n])+'};

# As many lines as the text has, and nothing else of it.
sub blank
{
	my ($text) = @_;
	return "\n" x ($text =~ tr/\n//);
}

# C with comments removed and strings emptied; the line numbers stay.
sub code
{
	my ($file) = @_;
	my $text = slurp($file);
	my $include = qr{^[ \t]*\#[ \t]*include[^\n]*}m;

	$text =~ s{($include)|($comment)|($string)|($char)}
		  {defined $1 ? $1 : defined $2 ? blank($2) : defined $3 ? '""' : "' '"}ge;
	return $text;
}

# The string literals of C, adjacent ones joined: [line, text] each.
sub literals
{
	my ($file) = @_;
	my $text = slurp($file);
	my @found;

	$text =~ s{($string)|($char)|($comment)}
		  {defined $1 ? $1 : defined $2 ? "' '" : ' ' . blank($3)}ge;
	while ($text =~ m{((?:$string\s*)+)}g) {
		my ($all, $start) = ($1, $-[1]);
		my $line = 1 + (substr($text, 0, $start) =~ tr/\n//);
		my $joined = join '', map { substr $_, 1, -1 } $all =~ m{$string}g;
		push @found, [ $line, $joined ];
	}
	return @found;
}

# One assertion: the list of what is wrong is empty.
sub report
{
	my ($name, @wrong) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	Test::More::ok(!@wrong, $name);
	Test::More::diag("  $_") for @wrong;
	return !@wrong;
}

# Is this program in the PATH?
sub have
{
	my ($program) = @_;
	return scalar grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

1;
