module taskvisor/benchmarks/peers/suture

go 1.22

require github.com/thejerf/suture/v4 v4.0.6
