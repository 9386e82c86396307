using Cqrs.Routing.Load;
using Cqrs.Routing.Load.Chaos;
using Cqrs.Routing.Load.Chase;
using Cqrs.Routing.Load.Offload;
using Cqrs.Routing.Load.ReadYourWrites;
using Cqrs.Routing.Load.Soak;
using Cqrs.Routing.TestServers;

const string Usage = """
    usage: dotnet run -c Release --project tests/Cqrs.Routing.Load -- RUN [switches]

      read-your-writes [--pairs 20000] [--workers 16] [--seed N]
                           commands followed by queries of the same session, on a standby that stands still at random; exits 0 only if with tokens no
                           query missed its own write, none that waited saw anything go back, some missed theirs without, and nothing failed
      offload [--seconds 12] [--users 60] [--seed N]
                           how many queries the standby serves, beside other ways to read one's own writes; prints a table

      chase [--lag 400] [--rounds 10]
                           how long a session stays on a busy primary after one command, in milliseconds of lag; exits 0 only if that ends within two
                           seconds and no own write was missed

      chaos [--seconds 60] [--workers 24] [--seed N]
                           takes the standby away in every way that is known, under load; exits 0 only if no query failed or was stale, no command ran
                           twice, nothing was written to the standby, and all that does not hold without falling back. A long one is a soak:
                           --seconds 3600 prints memory and connections every minute

      soak [--requests 200000] [--tenants 5000] [--contexts 6000] [--workers 8]
                           requests of many tenants, with pooled contexts, with connections of the scopes' own and with tenants in the strings, and one query
                           with many contexts; exits 0 only if memory, connections and what the library remembers are flat in the end

    Starts a PostgreSQL primary with a hot standby, or uses the ones that CQRS_ROUTING_PG_PRIMARY and CQRS_ROUTING_PG_REPLICA name. The chaos run always
    starts a pair of its own.
    """;

if (PostgresPair.SkipReason is { } reason)
{
    Console.Error.WriteLine(reason);
    return 3;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var arguments = new Arguments([.. args.Skip(1)]);
    return args.FirstOrDefault() switch
    {
        "read-your-writes" => await ReadYourWritesRun.RunAsync(arguments, stop.Token),
        "offload" => await OffloadRun.RunAsync(arguments, stop.Token),
        "chase" => await ChaseRun.RunAsync(arguments, stop.Token),
        "soak" => await SoakRun.RunAsync(arguments, stop.Token),
        "chaos" => await ChaosRun.RunAsync(arguments, stop.Token),
        _ => Fail(Usage),
    };
}
catch (ArgumentException e)
{
    return Fail(e.Message);
}
catch (OperationCanceledException)
{
    return Fail("Stopped.");
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
