package Clockgate::Server;

# The whole set-up of a test: a private MariaDB, the database clockgate with
# its schema, an account for each program as schema/grants.sql has it, an ini,
# and the programs as they were built.
#
#	plan skip_all => $why if $why = Clockgate::Server->missing;
#	my $s = Clockgate::Server->new(ini => { server => { admission => 'open' } });
#	my $fcgi = $s->fastcgi('cdata');	# started, see Clockgate::FastCGI
#	my $cgi = $s->cgi('cdata');		# see Clockgate::CGI
#	my $web = $s->lighttpd;			# see Clockgate::Lighttpd
#	my @rows = $s->sql('SELECT ...');
#	$s = Clockgate::Server->over($mariadb, $ini);	# as it is
#	my ($status, $text) = $s->tool(qw(device list));
#	$s->write_ini({ log => { level => 'debug' } });
#	$s->allow('wipe');		# open for an hour
#	$s->empty;			# no rows in any table but the look-ups

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::CGI;
use Clockgate::FastCGI;
use Clockgate::File qw(spew);
use Clockgate::Lighttpd;
use Clockgate::MariaDB;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use POSIX ();

my $TOP = abs_path(dirname(__FILE__) . '/../../..');

sub srcdir { return $ENV{top_srcdir} // $TOP }
sub builddir { return $ENV{top_builddir} // "$TOP/build" }

# Where a program was built: beside its source, or at the top of the tree.
sub program {
	my ($class, $name) = @_;
	my ($found) = grep { -f $_ && -x $_ } map { builddir() . "/$_$name" }
	    'cgi-bin/', 'tools/', '';
	return $found;
}

# Whether a script starts each of them, as for valgrind.
sub wrapped {
	my ($class) = @_;
	my $program = $class->program('cdata');
	return $program && !-B $program;
}

sub missing {
	my ($class) = @_;
	my ($program) = grep { !$class->program($_) }
	    qw(cdata getrequest devicecmd clockgate);
	return "$program is not built in " . builddir() if $program;
	return Clockgate::MariaDB->missing // Clockgate::Lighttpd->missing;
}

# What becomes true a moment after the answer: a log line is written then.
sub eventually {
	my ($class, $true, $seconds) = @_;
	for (1 .. 20 * ($seconds // 5)) {
		return 1 if $true->();
		select undef, undef, undef, 0.05;
	}
	return $true->();
}

# With a database that is there.
sub over {
	my ($class, $db, $ini) = @_;
	my $self = bless { db => $db }, $class;
	$self->{dir} = File::Temp->newdir('cg-XXXXXX', TMPDIR => 1);
	return $self->write_ini($ini // {});
}

sub new {
	my ($class, %arg) = @_;
	my $self = $class->over(Clockgate::MariaDB->new(@{ $arg{mariadb} // [] }), $arg{ini});
	$self->make_database;
	$self->{filled} = { map { $_->[0] => 1 } grep {
		$self->{db}->value("SELECT COUNT(*) FROM `$_->[0]`", 'clockgate')
	} $self->_tables };
	return $self;
}

# A new one in place of that which is there.
sub make_database {
	my ($self) = @_;
	$self->{db}->create('clockgate');
	my ($status, $text) = $self->tool('--set', 'database.user=clockgate', 'migrate');
	croak "clockgate migrate: $text" if $status != 0;
	$self->{db}->accounts('clockgate', srcdir() . '/schema/grants.sql');
}

sub _tables {
	my ($self) = @_;
	return $self->{db}->sql(q{SELECT table_name FROM
	    information_schema.tables WHERE table_schema = 'clockgate'
	    AND table_type = 'BASE TABLE'});
}

sub db { return $_[0]{db} }
sub dir { return "$_[0]{dir}" }
sub ini { return "$_[0]{dir}/clockgate.ini" }

# Sections and keys over those that every test wants.
sub write_ini {
	my ($self, $more) = @_;
	my %ini = (
		database => { socket => $self->{db}->socket,
		    user => 'clockgate_%p', name => 'clockgate' },
		clock => { zone => 'Europe/Vienna' },
		log => { sink => 'stderr' },
	);
	for my $section (keys %$more) {
		$ini{$section} = { %{ $ini{$section} // {} },
		    %{ $more->{$section} } };
	}
	my $new = spew($self->ini . '.new', join '', map {
		my $section = $_;
		"[$section]\n", map { "$_ = $ini{$section}{$_}\n" }
		    sort keys %{ $ini{$section} };
	} sort keys %ini);
	chmod 0600, $new;
	# at once: a web server may be about to start a program again
	rename $new, $self->ini or croak $self->ini . ": $!";
	return $self;
}

# The operator's program: its exit status, and all that it printed.
sub tool {
	my ($self, @arg) = @_;
	my $pid = open(my $out, '-|') // croak "fork: $!";
	if ($pid == 0) {
		open STDERR, '>&', \*STDOUT;
		exec { $self->program('clockgate') } 'clockgate', '--config',
		    $self->ini, @arg or POSIX::_exit(127);
	}
	binmode $out;
	local $/;
	my $text = <$out> // '';
	close $out;
	return ($? >> 8, $text);
}

sub fastcgi {
	my ($self, $name, %arg) = @_;
	my $fcgi = Clockgate::FastCGI->new(program => $self->program($name),
	    config => $self->ini, %arg);
	$fcgi->start($arg{processes}) if !$arg{waiting};
	return $fcgi;
}

sub cgi {
	my ($self, $name, %arg) = @_;
	return Clockgate::CGI->new(program => $self->program($name),
	    config => $self->ini, %arg);
}

sub lighttpd {
	my ($self, %arg) = @_;
	return Clockgate::Lighttpd->new(config => $self->ini,
	    programs => dirname($self->program('cdata')),
	    conf => srcdir() . '/apache-conf/lighttpd.conf', %arg);
}

sub sql {
	my ($self, $sql) = @_;
	return $self->{db}->sql($sql, 'clockgate');
}

sub text {
	my ($self, $sql) = @_;
	return $self->{db}->text($sql, 'clockgate');
}

sub value {
	my ($self, $sql) = @_;
	return $self->{db}->value($sql, 'clockgate');
}

# Add an admitted clock.
sub admit {
	my ($self, @sn) = @_;
	$self->sql(join ';', map { "INSERT INTO device (sn, status,
	    first_seen_utc) VALUES ('$_', 'active', UTC_TIMESTAMP())" } @sn);
}

# Open classes of dangerous commands, which the ini must allow.
sub allow {
	my ($self, @class) = @_;
	for my $class (@class) {
		my ($status, $text) = $self->tool('allow', $class,
		    '--minutes', 60, '--reason', 'a test');
		croak "allow $class: $text" if $status != 0;
	}
}

# Take all rows that were not there after the migration.
sub empty {
	my ($self) = @_;
	$self->{tables} //= [ $self->volatile ];
	$self->sql(join ';', 'BEGIN', (map { "DELETE FROM `$_`" }
	    @{ $self->{tables} }), 'COMMIT');
}

# The tables that were empty after the migration.
sub volatile {
	my ($self) = @_;
	return grep { !$self->{filled}{$_} } map { $_->[0] } $self->_tables;
}

1;
