const string Usage = """
    usage: dotnet run -c Release --project benchmarks/Cqrs.Routing.Benchmarks -- VERB

      ratios       the goals, in less than ten minutes: a dispatch and a point query beside their peers, interleaved; exits 0 only if all goals hold;
                   dispatch, sqlite or postgresql after it runs that part alone
      full         the same candidates with BenchmarkDotNet, in about a quarter of an hour; takes its switches, such as --filter '*Dispatch*'
      growth       nesting, contexts, tracked rows, long texts, many request types: what routing adds per piece
      parts        a point query on SQLite with one half of the library at a time: where its time goes
      throughput   eight workers on the PostgreSQL pair: queries, and a query and a command in one scope
      startup      from an empty service collection to the first answer
      loop         one candidate so many times, for a profiler: loop sqlite 'Cqrs.Routing' 100000

    Starts a PostgreSQL primary with a hot standby, or uses the ones that CQRS_ROUTING_PG_PRIMARY and CQRS_ROUTING_PG_REPLICA name. What came out, and
    what it means: docs/benchmarks/cost.md.
    """;

#if DEBUG
Console.Error.WriteLine("A debug build says nothing about the cost: dotnet run -c Release ...");
return args.Length == 0 ? Fail(Usage) : 2;
#else
if (args is [StartupRun.Child, .. var once])
    return await StartupRun.RunOnceAsync(once);

Console.WriteLine(Machine.Describe());
return args.FirstOrDefault() switch
{
    "ratios" => await RatiosRun.RunAsync(args[1..]),
    "full" => FullRun.Run(args[1..]),
    "growth" => await GrowthRun.RunAsync(),
    "parts" => await PartsRun.RunAsync(),
    "throughput" => await ThroughputRun.RunAsync(),
    "startup" => await StartupRun.RunAsync(),
    "loop" => await LoopRun.RunAsync(args[1..]),
    _ => Fail(Usage),
};
#endif

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
