# Every case of this folder through the real programs; see README.md.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Golden;
use Clockgate::Server;
use Test::More;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my @cases = Clockgate::Golden->cases($ENV{CASE} // '*');
ok @cases > 0, 'there are cases' or BAIL_OUT('no cases');

my %ini = (clock => { zone => 'Asia/Dubai' });
my $server = Clockgate::Server->new(ini => \%ini);

# Of each endpoint the program, all others are getrequest's.
my %program = (cdata => 'cdata', fdata => 'cdata', devicecmd => 'devicecmd');

for my $case (@cases) {
	my @steps = $case->steps;
	configure($case);
	for my $how (qw(fastcgi cgi)) {
		subtest $case->name . " $how" => sub {
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
	$server->sql($case->file('seed.sql')) if $case->has('seed.sql');
	for my $step (@steps) {
		my $name = program($step->{request}{path});
		my $run = $running{$name} //= $server->$how($name);
		check_reply($run->request($step->{request}), $step);
	}
	# What a program still holds in memory it writes at its end.
	is $_, 0, 'its end' for map { $_->can('stop') ? $_->stop('TERM', 60) : () }
	    values %running;
	check_rows($case) if $case->has('query.sql');
}

sub check_reply {
	my ($reply, $step) = @_;
	my $got = "$reply->{status}\n$reply->{body}";
	ok $got =~ $step->{reply}, "answer to $step->{name}" or
	    diag "expected: $step->{reply}\ngot:\n$got\n$reply->{stderr}";
	is $reply->{header}{'Content-Type'}, 'text/plain', 'its type';
	is $reply->{header}{'Content-Length'}, length $reply->{body}, 'its length';
}

sub check_rows {
	my ($case) = @_;
	my $got = $server->db->batch($case->file('query.sql'), 'clockgate');
	is $got, $case->file('rows'), 'rows';
}

sub program {
	my ($path) = @_;
	my ($last) = lc($path) =~ m{([^/]*?)(?:\.aspx|\.php)?/*\z};
	return $program{$last} // 'getrequest';
}

sub configure {
	my ($case) = @_;
	my $of_case = $case->ini;
	$server->write_ini({ map { $_ => { %{ $ini{$_} // {} },
	    %{ $of_case->{$_} // {} } } } keys %ini, keys %$of_case });
}
