# What is wrong with a set-up, and what cures it: each check made to fail, by
# the command line, by a program, and by a browser that has the token.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::CGI;
use Clockgate::File qw(spew);
use Clockgate::Server;
use File::Copy qw(copy);
use JSON::PP ();
use Test::More;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $TOKEN = 'Open-Sesame_0123456789';
my $PASSWORD = 'very secret word';
my $server = Clockgate::Server->new;
my $db = $server->db;
my $dir = $server->dir;
my @ALL = qw(configuration programs files keys database max_allowed_packet
    durability time schema hosts statements clocks);

# What each check found, by its name.
sub found {
	my ($status, $text) = $server->tool('check', '--format', 'json', @_);
	my %by = map { $_->{check} => $_ } @{ JSON::PP::decode_json($text) };
	$by{status} = $status;
	return \%by;
}

# Only this check is wrong; what it found and its cure.
sub finds {
	my ($set, $check, $detail, $cure, $verdict) = @_;
	my $found = found(map { ('--set', $_) } @$set);
	$verdict //= 'wrong';
	is $found->{$check}{result}, $verdict, "$check: $verdict";
	like $found->{$check}{detail}, $detail, '  tells what it found';
	like $found->{$check}{cure}, $cure, '  and the cure';
	is $found->{status}, $verdict eq 'wrong' ? 1 : 0, '  and exits so';
	my @others = grep { $_ ne $check && $found->{$_}{result} =~ /wrong|note/ } @ALL;
	is "@others", '', '  and nothing else';
	return $found;
}

subtest 'all is well' => sub {
	my ($status, $text) = $server->tool('check');
	is $status, 0, 'the command line says so' or diag $text;
	is_deeply [ map { (split)[1] } split /\n/, $text ], \@ALL, 'each check has its line';
	unlike $text, qr/^(?!ok|-  )/m, 'and is good';
	like $text, qr/^ok     database +clockgate as clockgate_clockgate on \d+\.\d+/m, 'the server is named';
};

subtest 'configuration' => sub {
	my $found = finds(['server.gather=0'], 'configuration',
	    qr/^--set server\.gather: must be a whole number, 1 to 64$/, qr/clockgate config --sample/);
	is join(' ', map { $found->{$_}{result} } @ALL[2 .. $#ALL]), join(' ', ('-') x 10),
	    'what needs it is not tried';
	chmod 0602, $server->ini;
	finds([], 'configuration', qr/^\Q@{[$server->ini]}\E: other users of this machine can write it$/,
	    qr/^type: chmod o-w \Q@{[$server->ini]}\E$/);
	chmod 0600, $server->ini;
};

subtest 'hosts' => sub {
	my @set = ('database.socket=', 'database.host=' . $db->socket . ', 127.0.0.1:1');
	finds(\@set, 'hosts', qr/^1 of 2 can't be used: 127\.0\.0\.1: MySQL 2002: /,
	    qr/^meanwhile the programs use another; see to that server, or to host in \[database\]$/,
	    'note');
	finds([ $set[0], 'database.host=a,,b' ], 'configuration',
	    qr/^--set database\.host: "" names no host$/, qr/clockgate config --sample/);
};

subtest 'files' => sub {
	my $files = "$dir/files";
	my @set = ("files.dir=$files", 'files.url=http://192.0.2.1/iclock/file/');
	finds(\@set, 'files', qr/No such file/, qr/^type: mkdir -p \Q$files\E;/);
	spew($files, '');
	finds(\@set, 'files', qr/not a directory/, qr/see dir in \[files\]/);
	unlink $files;
	mkdir $files;
	chmod 0757, $files;
	finds(\@set, 'files', qr/other users of this machine can write there/,
	    qr/^type: chmod o-w \Q$files\E$/);
	$server->write_ini({ files => { dir => $files } });
	my $reply = $server->cgi('getrequest')->request({ path => '/iclock/ping' });
	is $reply->{status}, 200, 'a program serves all the same';
	like $reply->{stderr}, qr/event=files err="[^"]*other users[^"]*" cure="type: chmod o-w /,
	    '  and tells it when it starts';
	chmod 0755, $files;
	finds([ $set[0] ], 'files', qr/\Q$files\E/, qr/set url in \[files\]/);
	is found(map { ('--set', $_) } @set)->{files}{result}, 'ok', 'good ones are good';
	$server->write_ini({});
};

subtest 'keys' => sub {
	my $file = "$dir/keys";
	finds(["privacy.key_file=$file"], 'keys', qr/^\Q$file\E: No such file/,
	    qr/^to make one, type: clockgate key new$/);
	is(($server->tool('key', 'new', '--set', "privacy.key_file=$file"))[0], 0, 'such a one');
	is found('--set', "privacy.key_file=$file")->{keys}{result}, 'ok', '  is good';
	chmod 0644, $file;
	finds(["privacy.key_file=$file"], 'keys', qr/can read it$/, qr/^type: chmod o= \Q$file\E$/);
	spew($file, "nonsense\n");
	chmod 0600, $file;
	finds(["privacy.key_file=$file"], 'keys', qr/:1: this is no key$/, qr/a line is ID, TIME and SECRET/);
};

subtest 'programs' => sub {
	my $to = "$dir/cgi-bin";
	mkdir $to;
	for my $name (qw(cdata getrequest devicecmd)) {
		# not the script by which valgrind starts it
		copy($server->program($name) =~ s{/valgrind/}{/}r, "$to/$name")
		    or die "$name: $!";
		chmod 0755, "$to/$name";
	}
	my $check = sub {
		local %ENV = (%ENV, CLOCKGATE_CONFIG => $server->ini, @_);
		my $text = `'$to/getrequest' --check`;
		return ($? >> 8, $text);
	};
	my ($status, $text) = $check->();
	is $status, 0, 'a program checks the same';
	like $text, qr/^ok     programs +\Q$to\E$/m, '  and those beside it';
	chmod 0775, "$to/cdata";
	is(($check->())[0], 0, 'a group may be trusted');
	like asked_of("$to/getrequest"),
	    qr/^wrong  programs +\Q$to\E\/cdata has mode 775\n +type: chmod 755 \Q$to\E\/cdata$/m,
	    '  but not by suEXEC';
	chmod 0757, "$to/cdata";
	like +($check->())[1], qr/^wrong  programs +\Q$to\E\/cdata has mode 757\n/m, 'others never are';
	chmod 0644, "$to/cdata";
	like +($check->())[1], qr/^wrong  programs +\Q$to\E\/cdata has mode 644\n/m, 'one that can\'t be run';
	unlink "$to/cdata";
	($status, $text) = $check->();
	like $text, qr/^wrong  programs +\Q$to\E\/cdata: No such file.*\n +install clockgate again$/m,
	    'one that is missing';
	is $status, 1, '  exits with 1';
};

subtest 'database' => sub {
	finds(['database.socket=/nowhere'], 'database', qr/^MySQL 2002: /, qr/does the server run/);
	finds(['database.name=nothing'], 'database', qr/^MySQL 10(?:44|49): /, qr/./);
	$db->sql(qq{CREATE USER reader\@localhost IDENTIFIED BY '$PASSWORD';
	    GRANT SELECT ON clockgate.* TO reader\@localhost});
	finds(['database.user=reader', 'database.password=wrong word'], 'database',
	    qr/^MySQL 1045: /, qr/user or its password is wrong/);
	finds(['database.user=reader', "database.password=$PASSWORD"], 'statements',
	    qr/^MySQL 1142: /, qr/GRANT SELECT, INSERT, UPDATE, DELETE/);
};

subtest 'settings of the server' => sub {
	my $old = $db->value('SELECT @@GLOBAL.max_allowed_packet');
	$db->sql('SET GLOBAL max_allowed_packet = 65536');
	finds([], 'max_allowed_packet', qr/^65536 bytes$/, qr/raised to 16M$/);
	$db->sql("SET GLOBAL max_allowed_packet = $old");
	$db->sql('SET GLOBAL innodb_flush_log_at_trx_commit = 2');
	finds([], 'durability', qr/power cut/, qr/innodb_flush_log_at_trx_commit/, 'note');
	$db->sql('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
	$db->sql(q{SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() - 3600'});
	finds([], 'time', qr/^the database is (?:3600|3601|3599) seconds behind this machine$/, qr/NTP/);
	$db->sql(q{SET GLOBAL init_connect = ''});
};

subtest 'schema' => sub {
	$db->sql(q{INSERT INTO schema_version VALUES (9999, '9999-later.sql',
	    REPEAT('0', 64), UTC_TIMESTAMP())}, 'clockgate');
	finds([], 'schema', qr/^version 9999, and the programs need \d+ to \d+$/, qr/install a newer clockgate/);
	$db->sql('DELETE FROM schema_version WHERE version = 9999', 'clockgate');
	$db->create('empty');
	finds(['database.name=empty', 'database.user=clockgate'], 'schema', qr/^version 0, /, qr/^type: clockgate migrate; or import/);
};

subtest 'clocks that wait' => sub {
	$server->cgi('getrequest')->request({ path => '/iclock/getrequest', query => 'SN=WAITS' });
	finds([], 'clocks', qr/^0 admitted, 1 waiting$/, qr/clockgate device approve SN/, 'note');
	$server->empty;
};

# ---- by browser ----

# A program elsewhere, as CGI.
sub asked_of {
	my ($program) = @_;
	$server->write_ini({ web => { check_token => $TOKEN } });
	my $reply = ask(Clockgate::CGI->new(program => $program,
	    config => $server->ini), $TOKEN);
	$server->write_ini({});
	return $reply->{body};
}

sub ask {
	my ($by, $token, %more) = @_;
	return $by->request({ path => '/cgi-bin/getrequest', query => "check=$token", %more });
}

# All that an asker can see of it.
sub seen { return join '|', $_[0]{status}, $_[0]{body}, map { "$_: $_[0]{header}{$_}" } sort keys %{ $_[0]{header} } }

subtest 'by browser' => sub {
	my $off = ask($server->cgi('getrequest'), $TOKEN);
	my $plain = $server->cgi('getrequest')->request({ path => '/cgi-bin/getrequest' });
	is seen($off), seen($plain), 'without a token in the ini it is any request';
	isnt $off->{status}, 200, '  and refused as one without a serial';
	is seen(ask($server->cgi('getrequest'), '')), seen($plain), '  an empty one, too';

	$server->write_ini({ web => { check_token => $TOKEN },
	    database => { user => 'reader', password => $PASSWORD } });
	for my $by ($server->cgi('getrequest'), $server->fastcgi('getrequest')) {
		is seen(ask($by, $_)), seen($plain), "a wrong token ($_) is any request"
		    for '', 'x', lc $TOKEN, substr($TOKEN, 0, -1), "${TOKEN}x", "$TOKEN%00";
		my $post = ask($by, $TOKEN, method => 'POST', body => '');
		is $post->{status}, 405, 'no other method opens it';
		my $reply = ask($by, $TOKEN);
		is $reply->{status}, 200, 'the token opens it';
		is $reply->{header}{'Content-Type'}, 'text/plain', '  as plain text';
		like $reply->{body}, qr/^ok     configuration +\Q@{[$server->ini]}\E$/m, '  with each check';
		like $reply->{body}, qr/^wrong  statements +MySQL 1142: .*\n +the user lacks a right: /m,
		    '  and its cure';
		unlike $reply->{body}, qr/$PASSWORD|$TOKEN/, '  and no secret';
	}
	my $cdata = $server->cgi('cdata')->request({ path => '/cgi-bin/cdata', query => "check=$TOKEN" });
	isnt $cdata->{status}, 200, 'other programs do not know it';
};

subtest 'by browser without a database' => sub {
	$server->write_ini({ web => { check_token => $TOKEN }, database => { socket => '/nowhere' } });
	for my $by ($server->cgi('getrequest'), $server->fastcgi('getrequest')) {
		my $reply = ask($by, $TOKEN);
		is $reply->{status}, 200, 'it answers at once';
		like $reply->{body}, qr/^wrong  database +MySQL 2002: .*\n +does the server run\?/m, '  and why';
		is ask($by, 'x' x 16)->{status}, 400, 'without the token nothing of it shows';
	}
};

subtest 'no configuration' => sub {
	my $cgi = $server->cgi('getrequest');
	$server->write_ini({ server => { gather => 0 } });
	my $reply = $cgi->request({ path => '/iclock/getrequest', query => 'SN=A' });
	is $reply->{status}, 503, 'a program that can\'t start as CGI answers so';
	is $reply->{header}{'Content-Type'}, 'text/plain', '  as a clock can read it';
	is $reply->{body}, 'Service Unavailable', '  without a detail';
	like $reply->{stderr}, qr/^getrequest: \S+:\d+: \[server\] gather: must be /m, '  which is in the log';
};

done_testing;
