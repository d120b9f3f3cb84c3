package Clockgate::Ledger;

# A ledger as clocksim keeps it, for what a test sends by itself, and its
# verification against the database.
#
#	my $ledger = Clockgate::Ledger->new($file);
#	my @id = $ledger->sent($sn, 'ATTLOG', "7\t2030-01-07 08:00:00\t0\t1", ...);
#	$ledger->acknowledged(@id);
#	my $v = Clockgate::Ledger::verify($file, $ini);
#	$v->{lost}, $v->{doubled}, $v->{altered}, $v->{acknowledged}, $v->{text}

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Server;
use Digest::SHA qw(sha256_hex);

sub new {
	my ($class, $file) = @_;
	open my $fh, '+>>:raw', $file or croak "$file: $!";
	close $fh;
	open $fh, '+<:raw', $file or croak "$file: $!";
	return bless { file => $file, fh => $fh, end => -s $file }, $class;
}

sub file { return $_[0]{file} }

# Write records before they are sent; where each begins.
sub sent {
	my ($self, $sn, $table, @record) = @_;
	my @at;
	seek $self->{fh}, $self->{end}, 0;
	for my $record (@record) {
		my $line = "-\t$sn\t$table\t$record\n";
		print { $self->{fh} } $line;
		push @at, $self->{end};
		$self->{end} += length $line;
	}
	$self->{fh}->flush or croak "$self->{file}: $!";
	return @at;
}

sub acknowledged {
	my ($self, @at) = @_;
	for my $at (@at) {
		seek $self->{fh}, $at, 0;
		print { $self->{fh} } '+';
	}
	$self->{fh}->flush or croak "$self->{file}: $!";
}

# The record of a photo: its name and what tells its bytes from others.
sub photo {
	my ($name, $bytes) = @_;
	return "PIN=$name\tsize=" . length($bytes) . "\tsha256=" . sha256_hex($bytes);
}

# How many records of a file are acknowledged.
sub count {
	my ($file) = @_;
	open my $fh, '<:raw', $file or return 0;
	my $n = 0;
	while (my $line = <$fh>) { $n++ if $line =~ /^\+/ }
	return $n;
}

# What clocksim --verify says, with the sums over all kinds of records.  Nobody
# but who keeps the ledger posts for its clocks: what only the database has is
# doubled, too.  Dies when something could not be compared.
sub verify {
	my ($file, $ini) = @_;
	my $clocksim = Clockgate::Server->program('clocksim');
	my $text = qx('$clocksim' --verify '$file' --config '$ini' 2>&1);
	my %v = (text => $text);
	@v{qw(lost doubled altered)} = $text =~
	    /^(\d+) lost, (\d+) doubled, (\d+) altered$/m
	    or croak "clocksim --verify: $text";
	croak "clocksim --verify: $text" if $text =~ /^no lines of a ledger/m;
	for my $word (qw(recorded acknowledged)) {
		$v{$word} += $_ for $text =~ /^\w+: .*\b$word=(\d+)/mg;
	}
	$v{doubled} += $_ for $text =~
	    /^(?:punches|operations|photos|templates): .*\bothers=(\d+)/mg;
	return \%v;
}

1;
