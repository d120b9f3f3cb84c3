# What is sealed, or not kept at all.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('privacy');
