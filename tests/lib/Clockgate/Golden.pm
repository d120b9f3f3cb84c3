package Clockgate::Golden;

# The cases of tests/golden/, see its README.md.
#
#	for my $case (Clockgate::Golden->cases('table-*')) {
#		$case->name; $case->ini;	# { section => { key => value } }
#		$case->has('seed.sql'); $case->file('seed.sql');
#		$case->steps;		# name, request, reply: a pattern
#	}

use strict;
use warnings;
use Clockgate::File qw(slurp);
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);

my $FOLDER = abs_path(dirname(__FILE__) . '/../../golden');

sub cases {
	my ($class, $pattern) = @_;
	return map { bless { dir => dirname($_) }, $class }
	    sort glob "'$FOLDER/$pattern/request'";
}

sub name { return basename($_[0]{dir}) }
sub has { return -e "$_[0]{dir}/$_[1]" }
sub file { return slurp("$_[0]{dir}/$_[1]") }

sub ini {
	my ($self) = @_;
	my %ini;
	for ($self->has('ini') ? split /\n/, $self->file('ini') : ()) {
		my ($section, $key, $value) = /\A(\w+)\.(\w+) = (.*)\z/
		    or die "$self->{dir}/ini: $_\n";
		$ini{$section}{$key} = $value;
	}
	return \%ini;
}

sub steps {
	my ($self) = @_;
	my @steps;
	for my $n ('', 2 .. 9) {
		last if !$self->has("request$n");
		push @steps, { name => "request$n",
		    request => $self->_request($n),
		    reply => _pattern($self->file("reply$n")) };
	}
	return @steps;
}

sub _request {
	my ($self, $n) = @_;
	my ($first, @header) = split /\n/, $self->file("request$n");
	my ($method, $path, $query) = $first =~ /\A(\S+) ([^?]*)(?:\?(.*))?\z/s
	    or die "$self->{dir}/request$n: $first\n";
	my %req = (method => $method, path => $path, query => $query,
	    header => { map { split /: /, $_, 2 } @header });
	$req{body} = $self->file("body$n") if $self->has("body$n");
	return \%req;
}

# Of the status, a newline and the body.
sub _pattern {
	my ($reply) = @_;
	my $form = quotemeta $reply;
	$form =~ s/\\%NOW\\%/\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d/g;
	return qr/\A$form\z/;
}

1;
