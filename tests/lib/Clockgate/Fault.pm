package Clockgate::Fault;

# Faults under load, and what became of the records meanwhile.
#
#	my $f = Clockgate::Fault->new(seed => 1);
#	$f->under_load("program killed", 20, sub { ... one fault ...; 1 });
#	$f->row('nth call', faults => 7, %$v);	# counted and verified elsewhere
#	$f->print_table; $f->is_clean;
#
# A kind of fault is a sub that takes $f, its name and how many; the modules
# below this one have them.  What nobody felt is no fault and is not counted.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Fleet;
use Clockgate::Ledger;
use Clockgate::Server;
use File::Temp ();
use List::Util qw(max sum0);
use Time::HiRes qw(sleep time);

my @COLUMNS = qw(faults requests failed acknowledged lost doubled altered seconds);
my %WORST = (resumed => 1);	# the longest time, where others are added up
my @DIALECTS = qw(att old tft);
my $ROUND = 400;		# faults between two verifications

# Patience short, so that many faults fit into a second.
my %INI = (
	server => { admission => 'open' },
	database => { connect_timeout => 2, read_timeout => 2, lock_wait_timeout => 1 },
	options => { Delay => 10, ErrorDelay => 4, TransFlag => 'AttLog OpLog AttPhoto'
	    . ' EnrollUser ChgUser EnrollFP ChgFP FACE UserPic WORKCODE BioPhoto' },
);

sub new {
	my ($class, %arg) = @_;
	my $self = bless { seed => 1, rows => {}, order => [], rounds => 0,
	    %arg }, $class;
	$self->{dir} = File::Temp->newdir('cgfault-XXXXXX', TMPDIR => 1);
	srand $self->{seed};
	return $self;
}

sub dir { return "$_[0]{dir}" }
sub ini_values { return \%INI }

# One database and one web server for all kinds that want no other.  Templates
# and photos are sealed there; where a kind has a server of its own they are not.
sub server { return $_[0]{server} //= _sealing($_[0]->_ini) }
sub web { return $_[0]{web} //= $_[0]->server->lighttpd(processes => 2) }

# The same database, but who is not known waits, and dangerous commands may be
# allowed.
sub strict {
	my ($self) = @_;
	return $self->{strict} //= Clockgate::Server->over($self->server->db,
	    { %{ $self->_ini }, server => { admission => 'approve' },
	    commands => { wipe => 'yes', network => 'yes' } });
}

sub _ini {
	my ($self) = @_;
	return { %INI, privacy => { mode => 'vault', key_file => "$self->{dir}/keys" } };
}

sub _sealing {
	my ($ini) = @_;
	my $server = Clockgate::Server->new(ini => $ini);
	my ($status, $text) = $server->tool('key', 'new');
	croak "clockgate key new: $text" if $status != 0;
	return $server;
}

sub say { my ($self, $text) = @_; print "# $text\n" }

# ---- a round ----

# Clocks post; meanwhile $fault is done until it was felt so often; then it is
# verified.  $fault says how often it was felt this time; it is called with
# $told: $told->(qr/MySQL 1290/, 5) waits, 5 seconds at most, until a program has
# logged such a thing since $fault was called.  Options: web, ini: others than the
# usual ones; pause: seconds between two faults; more: options of the clocks.
sub under_load {
	my ($self, $name, $count, $fault, %opt) = @_;
	while ($count > 0) {
		my $felt = $self->_round($name, $count < $ROUND ? $count : $ROUND,
		    $fault, %opt);
		return $self->say("$name: nobody feels it") if !$felt;
		$count -= $felt;
	}
}

# A serial that no round had before.
sub serial {
	my ($self) = @_;
	return sprintf 'R%03dC0001', ++$self->{rounds};
}

sub ledger { return "$_[0]{dir}/ledger-$_[0]{rounds}" }

sub fleet {
	my ($self, %arg) = @_;
	my $sn = $self->serial;
	return Clockgate::Fleet->start(clocks => 40, sn => $sn,
	    ledger => $self->ledger, seed => $self->{seed} + $self->{rounds},
	    port => $self->web->port, %arg, more => [ '--rate', 4,
	    '--staff', 30, '--photos', 40, '--enrolments', 4, '--pictures', 4, '--items', 4, '--dialect',
	    $DIALECTS[$self->{rounds} % @DIALECTS], @{ $arg{more} // [] } ]);
}

sub _round {
	my ($self, $name, $count, $fault, %opt) = @_;
	my ($began, $web, $felt) = (time, $opt{web} // $self->web, 0);
	my $fleet = $self->fleet(port => $web->port, more => $opt{more});
	$fleet->goes_on(120) or croak "$name: nothing is acknowledged before it";
	for (my $try = 0; $felt < $count && $try < 2 * $count + 5; $try++) {
		my $log = $web->log_size;
		$felt += $fault->(sub { _told($web, $log, @_) }) || 0;
		sleep rand(2 * ($opt{pause} // 0.1));
	}
	$fleet->goes_on(120) or croak "$name: nothing is acknowledged after it: "
	    . $fleet->log_text;
	my $said = $fleet->stop;
	$self->_spoil($fleet) if $self->{spoil};
	my $v = Clockgate::Ledger::verify($fleet->{ledger},
	    $opt{ini} // $self->server->ini);
	$self->row($name, %$v, faults => $felt, requests => $said->{requests},
	    failed => $said->{failures}, seconds => time - $began);
	return $felt;
}

sub _told {
	my ($web, $from, $what, $seconds) = @_;
	return Clockgate::Server->eventually(sub { $web->log_text($from) =~ $what },
	    $seconds);
}

# Verification must find each of these.
sub _spoil {
	my ($self, $fleet) = @_;
	my ($of) = map { "device_id IN (SELECT id FROM device WHERE sn LIKE '$_%')
	    ORDER BY received_at_utc LIMIT 1" } $fleet->{sn} =~ /^(R\d+)/;
	my ($operation, $punch) = map { my $table = $_; join ', ', grep { $_ ne 'id' }
	    map { $_->[0] } $self->server->sql("SHOW COLUMNS FROM $table") } qw(operation punch);
	my $invented = $punch =~ s/\bpin\b/'invented'/r;
	$self->server->sql("DELETE FROM punch WHERE $of;
	    UPDATE punch SET reserved1 = 'altered' WHERE $of;
	    ALTER TABLE operation DROP KEY operation_natural;
	    INSERT INTO operation ($operation) SELECT $operation FROM operation WHERE $of;
	    INSERT INTO punch ($punch) SELECT $invented FROM punch WHERE $of");
}

# ---- the table ----

sub columns { return @COLUMNS }

sub row {
	my ($self, $name, %value) = @_;
	push @{ $self->{order} }, $name if !$self->{rows}{$name};
	my $row = $self->{rows}{$name} //= {};
	$row->{$_} = _sum($_, $row->{$_}, $value{$_}) for $self->columns;
	$self->say($value{text} =~ s/\n(?=.)/\n# /gr) if grep { $value{$_} }
	    qw(lost doubled altered);
}

sub _sum {
	my ($column, @value) = @_;
	return $WORST{$column} ? max(map { $_ // 0 } @value) : sum0(map { $_ // 0 } @value);
}

sub total {
	my ($self, $column) = @_;
	return _sum($column, map { $_->{$column} } values %{ $self->{rows} });
}

sub faults { return ($_[0]{rows}{ $_[1] } || {})->{faults} // 0 }

# Nothing lost, doubled, altered; and each of these kinds was felt so often, while
# something was acknowledged.
sub is_clean {
	my ($self, %least) = @_;
	my @missed = grep { $self->faults($_) < $least{$_} } sort keys %least;
	$self->say("$_: " . $self->faults($_) . " of $least{$_} faults") for @missed;
	my @idle = grep { !$self->{rows}{$_}{acknowledged} } sort keys %least;
	$self->say("$_: nothing is acknowledged") for @idle;
	return !@missed && !@idle && !grep { $self->total($_) } qw(lost doubled altered);
}

sub print_table {
	my ($self) = @_;
	my @column = $self->columns;
	_print_row('kind of fault', map { [ $_, $_ ] } @column);
	for my $name (@{ $self->{order} }) {
		_print_row($name, map { [ $_, _number($_, $self->{rows}{$name}{$_}) ] } @column);
	}
	_print_row('all', map { [ $_, _number($_, $self->total($_)) ] } @column);
}

sub _number { return sprintf $WORST{ $_[0] } ? '%.1f' : '%d', $_[1] }

# Each value under the name of its column.
sub _print_row {
	my ($name, @cell) = @_;
	printf "%-34s%s\n", $name, join '', map {
	    sprintf '%*s', 1 + max(6, length $_->[0]), $_->[1] } @cell;
}

1;
