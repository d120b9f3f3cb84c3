# Every case of this folder through the real programs; see README.md.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $here = dirname(__FILE__);
my @cases = map { dirname($_) } sort glob "'$here/" . ($ENV{CASE} // '*')
    . "/request'";
ok @cases > 0, 'there are cases' or BAIL_OUT("no cases in $here");

my %ini = (clock => { zone => 'Asia/Dubai' });
my $server = Clockgate::Server->new(ini => \%ini);

# Of each endpoint the program, all others are getrequest's.
my %program = (cdata => 'cdata', fdata => 'cdata', devicecmd => 'devicecmd');

for my $case (@cases) {
	my @steps = steps($case);
	configure($case);
	for my $how (qw(fastcgi cgi)) {
		subtest basename($case) . " $how" => sub {
			run_case($case, $how, @steps);
		};
	}
}
done_testing;

sub run_case {
	my ($case, $how, @steps) = @_;
	my %running;
	$server->empty;
	$server->admit('CG0000000001');
	$server->sql(file($case, 'seed.sql')) if -e "$case/seed.sql";
	for my $step (@steps) {
		my $name = program($step->{request}{path});
		my $run = $running{$name} //= $server->$how($name);
		check_reply($run->request($step->{request}), $step);
	}
	# What a program still holds in memory it writes at its end.
	$_->can('stop') && $_->stop for values %running;
	check_rows($case) if -e "$case/query.sql";
}

sub check_reply {
	my ($reply, $step) = @_;
	my $form = quotemeta $step->{reply};
	$form =~ s/\\%NOW\\%/\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d/g;
	my $got = "$reply->{status}\n$reply->{body}";
	ok $got =~ /\A$form\z/, "answer to $step->{name}" or
	    diag "expected:\n$step->{reply}\ngot:\n$got\n$reply->{stderr}";
	is $reply->{header}{'Content-Type'}, 'text/plain', 'its type';
	is $reply->{header}{'Content-Length'}, length $reply->{body}, 'its length';
}

sub check_rows {
	my ($case) = @_;
	my $got = $server->db->batch(file($case, 'query.sql'), 'clockgate');
	is $got, file($case, 'rows'), 'rows';
}

sub program {
	my ($path) = @_;
	my ($last) = lc($path) =~ m{([^/]*?)(?:\.aspx|\.php)?/*\z};
	return $program{$last} // 'getrequest';
}

sub configure {
	my ($case) = @_;
	my %more = %ini;
	my @line = -e "$case/ini" ? split /\n/, file($case, 'ini') : ();
	for (@line) {
		my ($section, $key, $value) = /\A(\w+)\.(\w+) = (.*)\z/
		    or BAIL_OUT("$case/ini: $_");
		$more{$section} = { %{ $more{$section} // {} }, $key => $value };
	}
	$server->write_ini(\%more);
}

sub steps {
	my ($case) = @_;
	my @steps;
	for my $n ('', 2 .. 9) {
		last if !-e "$case/request$n";
		push @steps, { name => "request$n",
		    request => request($case, $n),
		    reply => file($case, "reply$n") };
	}
	return @steps;
}

sub request {
	my ($case, $n) = @_;
	my ($first, @header) = split /\n/, file($case, "request$n");
	my ($method, $path, $query) = $first =~ /\A(\S+) ([^?]*)(?:\?(.*))?\z/s
	    or BAIL_OUT("$case/request$n: $first");
	my %req = (method => $method, path => $path, query => $query,
	    header => { map { split /: /, $_, 2 } @header });
	$req{body} = file($case, "body$n") if -e "$case/body$n";
	return \%req;
}

sub file {
	my ($case, $name) = @_;
	open my $fh, '<:raw', "$case/$name" or BAIL_OUT("$case/$name: $!");
	local $/;
	return scalar(<$fh>) // '';
}
