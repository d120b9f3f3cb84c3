package Clockgate::MariaDB;

# A private MariaDB for one test: its own data directory under the temporary
# directory, a unix socket only, ended by its pid.
#
#	my $db = Clockgate::MariaDB->new;		# a running server
#	$db->create('clockgate');			# database, and its user
#	$db->accounts('clockgate', 'schema/grants.sql');	# one for each program
#	my @rows = $db->sql('SELECT pin, name FROM t', 'clockgate');
#	my $line = $db->text(...);	# rows joined by LF, columns by TAB
#	my $one = $db->value(...);	# first column of the first row
#	$db->stop; $db->start(@options); $db->restart(@options); $db->kill9;
#	$db->read_only(1);
#	$db->on_small_disk('200M') or $db->in_small_tablespace(200);
#	$db->fill; $db->unfill;		# all that is left there
#	my $s = $db->session('clockgate');	# a connection that stays open
#	$s->sql('BEGIN'); $s->sql('SELECT ... FOR UPDATE'); $s->close;
#
# Values come as bytes, whatever is in them; NULL is the text "NULL".

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Process;
use File::Temp ();
use IO::Handle ();
use IPC::Open3 qw(open3);
use Time::HiRes qw(sleep time);

my @CLIENT = qw(--no-defaults --user=root --batch --skip-column-names
    --binary-mode --default-character-set=utf8mb4);

sub new {
	my ($class, @options) = @_;
	my $dir = File::Temp->newdir('cgdb-XXXXXX', TMPDIR => 1);
	my $self = bless { dir => $dir, options => \@options }, $class;
	$self->_install;
	$self->start;
	return $self;
}

# May be called before new: why there can be no server here, or undef.
sub missing {
	for my $program (qw(mariadb-install-db mariadbd mariadb)) {
		return "$program is missing (package mariadb-server)"
		    if !defined _path($program);
	}
	return undef;
}

sub _path {
	my ($program) = @_;
	for my $dir (split(/:/, $ENV{PATH} // ''), qw(/usr/sbin /usr/bin)) {
		return "$dir/$program" if -x "$dir/$program";
	}
	return undef;
}

sub _install {
	my ($self) = @_;
	my $dir = $self->{dir};
	my $p = Clockgate::Process->start(log => "$dir/install.log", cmd => [
	    _path('mariadb-install-db'), '--no-defaults',
	    "--datadir=$dir/data", "--tmpdir=$dir",	# not one that others share
	    '--auth-root-authentication-method=normal',
	    '--skip-test-db', '--skip-name-resolve', $self->user,
	    '--innodb-log-file-size=8M' ]);
	my $status = $p->wait(120);
	croak "mariadb-install-db failed:\n" . _slurp("$dir/install.log")
	    if !defined $status || $status != 0;
}

# mariadbd refuses to run as root unless it is told to.
sub user { return $> == 0 ? '--user=root' : () }

sub dir { return "$_[0]{dir}" }
sub socket { return "$_[0]{dir}/sock" }
sub log_text { return _slurp("$_[0]{dir}/mariadbd.log") }
sub pid { return $_[0]{process} && $_[0]{process}->pid }
sub alive { return $_[0]{process} && $_[0]{process}->alive }

# Start it, with further options that hold for this run.
sub start {
	my ($self, @more) = @_;
	$self->{process} = Clockgate::Process->start(
	    log => "$self->{dir}/mariadbd.log", cmd => [ $self->command(@more) ]);
	$self->_ready;
	return $self;
}

sub command {
	my ($self, @more) = @_;
	my $dir = $self->{dir};
	return (@{ $self->{before} // [] }, _path('mariadbd'), '--no-defaults',
	    '--datadir=' . ($self->{datadir} // "$dir/data"), "--tmpdir=$dir",
	    '--socket=' . $self->socket, "--pid-file=$dir/pid",
	    '--skip-networking', '--skip-name-resolve', $self->user,
	    '--innodb-flush-log-at-trx-commit=1',
	    '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=8M',
	    '--max-allowed-packet=64M', '--key-buffer-size=1M',
	    '--performance-schema=OFF', '--character-set-server=utf8mb4',
	    @{ $self->{options} }, @more);
}

sub _ready {
	my ($self) = @_;
	my $until = time + 60;
	while (time < $until) {
		croak "mariadbd did not start:\n" . $self->log_text
		    if !$self->{process}->alive;
		return if -S $self->socket && eval { $self->sql('SELECT 1') };
		sleep 0.05;
	}
	croak "mariadbd is not ready after a minute:\n" . $self->log_text;
}

sub stop {
	my ($self) = @_;
	my $process = delete $self->{process} or return;
	$process->stop('TERM', 30);
}

sub kill9 {
	my ($self) = @_;
	my $process = delete $self->{process} or return;
	$process->kill9;
}

sub restart {
	my ($self, @more) = @_;
	$self->stop;
	return $self->start(@more);
}

# For all but root, who may always write.
sub read_only {
	my ($self, $on) = @_;
	$self->sql('SET GLOBAL read_only = ' . ($on ? 1 : 0));
}

# Go on with the data on a file system of this size, which only the server
# sees and which is gone with this test.  False where that is not allowed.
sub on_small_disk {
	my ($self, $size) = @_;
	my ($from, $to) = map { "$self->{dir}/$_" } qw(data small);
	my @root = $> == 0 ? () : qw(--map-root-user);
	return 0 if system("unshare @root --mount mount -t tmpfs none /mnt "
	    . '2>/dev/null') != 0;
	mkdir $to or croak "$to: $!";
	$self->stop;
	$self->{holder} = Clockgate::Process->start(cmd => [ 'unshare', @root,
	    '--mount', 'sh', '-c', "mount -t tmpfs -o size=$size none '$to' && "
	    . "cp -a '$from'/. '$to' && touch '$to/ready' && exec sleep infinity" ]);
	my $inside = '/proc/' . $self->{holder}->pid . "/root$to";
	for (1 .. 600) {
		last if -e "$inside/ready";
		sleep 0.1;
	}
	$self->{ballast} = "$inside/ballast";
	$self->{before} = [ 'nsenter', (@root ? qw(--user --preserve-credentials)
	    : ()), '--mount', '--target', $self->{holder}->pid ];
	$self->{datadir} = $to;
	$self->{options} = [ @{ $self->{options} }, '--user=root' ] if @root;
	$self->start;
	return 1;
}

# The same by a limit of InnoDB's own, in megabytes, for tables that are created
# from now on.  What is full can't even drop a table: the limit is raised then.
# InnoDB does not start with a limit below what it has taken already.
sub in_small_tablespace {
	my ($self, $size) = @_;
	my $taken = (-s "$self->{dir}/data/ibdata1") >> 20;
	$self->{size} = $size = $size > $taken ? $size : $taken;
	$self->{plain} //= $self->{options};
	$self->{options} = [ @{ $self->{plain} }, '--innodb-file-per-table=OFF',
	    "--innodb-data-file-path=ibdata1:12M:autoextend:max:${size}M" ];
	$self->restart;
}

# Take all that is left, and give it back.
sub fill {
	my ($self) = @_;
	if (!$self->{ballast}) {
		$self->sql('CREATE DATABASE IF NOT EXISTS other; CREATE TABLE IF NOT
		    EXISTS other.ballast (bytes LONGBLOB)');
		for my $n (1 << 20, 1 << 14) {
			1 while eval { $self->sql('INSERT INTO other.ballast
			    VALUES (REPEAT(0, ' . $n . '))'); 1 };
		}
		return;
	}
	open my $fh, '>>', $self->{ballast} or croak "$self->{ballast}: $!";
	for my $n (1 << 16, 1 << 9) {
		1 while syswrite $fh, "\0" x $n;
	}
	close $fh;
}

sub unfill {
	my ($self) = @_;
	return $self->in_small_tablespace($self->{size} + 32) if !$self->{ballast};
	unlink $self->{ballast} or croak "$self->{ballast}: $!";
}

# A new, empty database, and the user clockgate who may do everything in it
# and nothing else.
sub create {
	my ($self, $name) = @_;
	$self->sql("DROP DATABASE IF EXISTS `$name`;
	    CREATE DATABASE `$name` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
	    CREATE USER IF NOT EXISTS clockgate\@localhost IDENTIFIED BY '';
	    GRANT ALL ON `$name`.* TO clockgate\@localhost");
}

# The accounts of the programs, by the file that grants them what they need;
# their passwords are empty.
sub accounts {
	my ($self, $name, $file) = @_;
	my $grants = _slurp($file);
	my %account = map { $_ => 1 } $grants =~ /^CREATE USER IF NOT EXISTS (\S+)/mg;
	croak "$file makes no account" if !%account;
	$self->sql($grants, $name);
	$self->sql(join ';', map { "ALTER USER $_ IDENTIFIED BY '' ACCOUNT UNLOCK" }
	    sort keys %account);
}

# Run statements; the rows of all of them, each a reference to its values.
sub sql {
	my ($self, @arg) = @_;
	return _rows($self->batch(@arg));
}

# The same as the client prints it: with \t, \n, \0 and \\ in the values.
sub batch {
	my ($self, $sql, $database) = @_;
	my $pid = open3(my $in, my $out, my $err = IO::Handle->new,
	    'mariadb', @CLIENT, '--socket=' . $self->socket,
	    $database // ());
	local $SIG{PIPE} = 'IGNORE';
	binmode $_ for $in, $out, $err;
	print {$in} $sql;
	close $in;
	local $/;
	my $text = <$out> // '';
	my $why = <$err> // '';
	waitpid $pid, 0;
	croak "$why in: $sql" if $? != 0;
	return $text;
}

sub _rows {
	my ($text) = @_;
	return map { [ map { _plain($_) } split /\t/, $_, -1 ] }
	    split /\n/, $text;
}

# The client writes NUL, TAB, LF and \ with a backslash.
sub _plain {
	my ($value) = @_;
	my %byte = (0 => "\0", t => "\t", n => "\n", '\\' => '\\');
	$value =~ s/\\([0tn\\])/$byte{$1}/g;
	return $value;
}

sub text {
	my ($self, @arg) = @_;
	return join '', map { join("\t", @$_) . "\n" } $self->sql(@arg);
}

sub value {
	my ($self, @arg) = @_;
	my ($row) = $self->sql(@arg);
	return $row ? $row->[0] : undef;
}

# One of SHOW GLOBAL STATUS.
sub status {
	my ($self, $name) = @_;
	my ($row) = $self->sql("SHOW GLOBAL STATUS LIKE '$name'");
	return $row->[1];
}

sub session {
	my ($self, $database, $user) = @_;
	return Clockgate::MariaDB::Session->new($self->socket, $database, $user);
}

sub _slurp {
	my ($file) = @_;
	open my $fh, '<:raw', $file or return '';
	local $/;
	return scalar <$fh>;
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $@, $!);
	$self->kill9;			# nobody wants the data any more
}

package Clockgate::MariaDB::Session;

# One connection that stays open, so that a transaction can.

use strict;
use warnings;
use Carp qw(croak);
use IPC::Open3 qw(open3);

sub new {
	my ($class, $socket, $database, $user) = @_;
	my $pid = open3(my $in, my $out, undef, 'mariadb', @CLIENT,
	    ($user ? "--user=$user" : ()), '--unbuffered', '--force', "--socket=$socket", $database // ());
	binmode $_ for $in, $out;
	$in->autoflush(1);
	return bless { pid => $pid, in => $in, out => $out }, $class;
}

sub sql {
	my ($self, $sql) = @_;
	print { $self->{in} } "$sql;\nSELECT '--done--';\n";
	my $text = '';
	while (defined(my $line = readline $self->{out})) {
		if ($line eq "--done--\n") {
			croak $text if $text =~ /^ERROR \d+/m;
			return Clockgate::MariaDB::_rows($text);
		}
		$text .= $line;
	}
	croak "the connection is gone: $text";
}

sub close {
	my ($self) = @_;
	close $self->{in};
	close $self->{out};
	waitpid $self->{pid}, 0;
}

1;
