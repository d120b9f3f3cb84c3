package Clockgate::Bundle;

# The zip for shared hosting in the home of a customer, as its INSTALL.txt says.
#
#	my $zip = Clockgate::Bundle::zip();	# its name, in the build
#	my $bundle = Clockgate::Bundle->unpack($home);
#	my ($status, $said) = $bundle->load($server->db);	# steps 1 and 2
#	$bundle->write_ini($server->db, check_token => ...);	# step 3
#	($status, $said) = $bundle->client($server->db, {}, '--execute', $sql);
#
# The database has one account then, which owns it: customer_cg.

use strict;
use warnings;
use Clockgate::File qw(slurp spew);
use Clockgate::Process;
use Clockgate::Server;

our $PASSWORD = 'Tr0ub4dor; 3';

sub version {
	open my $fh, '-|', Clockgate::Server->program('clockgate'), '--version'
	    or die "clockgate: $!\n";
	return (<$fh> =~ /(\S+)$/)[0];
}

sub zip { return 'clockgate-' . version() . '-hosting.zip' }

sub missing {
	return (grep { -x "$_/unzip" } split /:/, $ENV{PATH}) ? undef
	    : 'unzip is missing (package unzip)';
}

sub unpack {
	my ($class, $home) = @_;
	my $top = "$home/clockgate-" . version();
	system('unzip', '-q', Clockgate::Server->builddir . '/' . zip(), '-d', $home) == 0
	    or die "the zip does not unpack\n";
	for my $part (qw(clockgate public_html)) {
		rename "$top/$part", "$home/$part" or die "$part: $!\n";
	}
	return bless { home => "$home", steps => slurp("$top/INSTALL.txt") }, $class;
}

sub steps { return $_[0]{steps} }
sub ini { return "$_[0]{home}/clockgate/clockgate.ini" }

# By the mysql client, as a panel would.
sub load {
	my ($self, $db) = @_;
	$db->sql(qq{DROP DATABASE clockgate; CREATE DATABASE clockgate;
	    DROP USER clockgate\@localhost;
	    CREATE USER customer_cg\@localhost IDENTIFIED BY '$PASSWORD';
	    GRANT ALL ON clockgate.* TO customer_cg\@localhost});
	open my $sql, '<', "$self->{home}/clockgate/current.sql" or die "current.sql: $!\n";
	return $self->client($db, { stdin => $sql });
}

# The mysql client of the customer's account: its exit status, and all it said.
sub client {
	my ($self, $db, $more, @arg) = @_;
	my $log = "$self->{home}/client.log";
	my $p = Clockgate::Process->start(log => $log, %$more,
	    cmd => [ 'mariadb', '--no-defaults', '--socket=' . $db->socket,
		'--user=customer_cg', "--password=$PASSWORD", @arg, 'clockgate' ]);
	return ($p->wait(120), slurp($log));
}

sub write_ini {
	my ($self, $db, %more) = @_;
	my %set = (name => 'clockgate', user => 'customer_cg',
	    password => qq{"$PASSWORD"}, socket => $db->socket, connect_timeout => 1,
	    body_max => 9 << 20, zone => 'Asia/Dubai', %more);
	my $text = slurp($self->ini . '.sample');
	for my $key (sort keys %set) {
		$text =~ s/^;?$key =.*$/$key = $set{$key}/m or die "the ini has no $key\n";
	}
	spew($self->ini, $text);
	chmod 0600, $self->ini;
}

1;
