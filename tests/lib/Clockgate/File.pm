package Clockgate::File;

# All of a file, as bytes: slurp(FILE) reads it, spew(FILE, BYTES) writes it
# and returns its name.

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(slurp spew);

sub slurp
{
	my ($file) = @_;
	open my $fh, '<:raw', $file or die "$file: $!\n";
	local $/;
	return scalar(<$fh>) // '';
}

sub spew
{
	my ($file, $bytes) = @_;
	open my $fh, '>:raw', $file or die "$file: $!\n";
	print {$fh} $bytes;
	close $fh or die "$file: $!\n";
	return $file;
}

1;
