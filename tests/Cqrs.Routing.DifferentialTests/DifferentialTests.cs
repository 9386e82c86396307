using System.Globalization;
using Cqrs.Routing.DifferentialTests.Programs;
using Cqrs.Routing.DifferentialTests.Running;
using Cqrs.Routing.DifferentialTests.Worlds;

namespace Cqrs.Routing.DifferentialTests;

/// <summary>
/// Random programs, run on EF Core alone and with a replica. Where the replica has everything, both runs agree in all that a program can see. Where it never gets anything
/// again, they agree in all but what a query reads without tracking.
/// </summary>
/// <remarks>
/// Without a variable, programs that are the same each time. A long run of others: <c>CQRS_ROUTING_DIFFERENTIAL_PROGRAMS=1000000</c>. The same ones again, or one of them:
/// <c>CQRS_ROUTING_DIFFERENTIAL_SEED</c>, as the run prints it, and a failure.
/// </remarks>
public sealed class DifferentialTests
{
    // The same ones each time. Others are tried with the variables set.
    private const int FixedPrograms = 10_000;
    private const ulong FixedSeed = 13;

    private static readonly int? RandomPrograms =
        int.TryParse(Environment.GetEnvironmentVariable("CQRS_ROUTING_DIFFERENTIAL_PROGRAMS"), NumberStyles.None, CultureInfo.InvariantCulture, out var programs) ? programs : null;

    private static readonly int Programs = RandomPrograms ?? FixedPrograms;

    private static readonly ProgramSource Source = Environment.GetEnvironmentVariable("CQRS_ROUTING_DIFFERENTIAL_SEED") is { Length: > 0 } seed ? ProgramSource.Parse(seed)
        : RandomPrograms is null ? new(FixedSeed)
        : new((ulong)Random.Shared.NextInt64());

    [Fact]
    public Task A_program_sees_no_replica_that_does_not_lag() => AgreesAndReadsTheReplicaAsync(World.LagZero);

    [Fact]
    public Task A_replica_that_stands_still_loses_no_update() => AgreesAndReadsTheReplicaAsync(World.FrozenLag);

    /// <summary>The test of the test: these wirings agree with EF Core alone by definition, or by doing by hand what the library shall do.</summary>
    [Theory]
    [InlineData(World.LagZero, Wiring.Plain)]
    [InlineData(World.LagZero, Wiring.NoReplica)]
    [InlineData(World.LagZero, Wiring.Forced)]
    [InlineData(World.LagZero, Wiring.ByHand)]
    [InlineData(World.FrozenLag, Wiring.Forced)]
    [InlineData(World.FrozenLag, Wiring.ByHand)]
    public Task Wirings_that_agree_with_EF_Core_alone_by_definition_are_found_to_agree(World world, Wiring wiring) => AgreesAsync(world, wiring, Programs / 50);

    private static async Task AgreesAndReadsTheReplicaAsync(World world)
    {
        var programs = Math.Max(Programs / 2, 1);
        var before = ReplicaStatements.Count;
        await AgreesAsync(world, Wiring.Routed, programs);
        // One program alone may have nothing for the replica.
        if (programs > 100)
            (ReplicaStatements.Count - before).ShouldBeGreaterThan(programs / 5, "The replica answered next to nothing, so this run shows nothing.");
    }

    private static async Task AgreesAsync(World world, Wiring wiring, int programs)
    {
        using var benches = new Benches(world);
        var progress = new Progress($"{world}, {wiring}, {Source}", programs, RandomPrograms is not null);
        await Parallel.ForEachAsync(Enumerable.Range(0, programs), async (number, _) =>
        {
            var program = Source.Create(number);
            if (await benches.CompareAsync(program, wiring) is { } difference)
                throw await DisagreementAsync(Source.From(number), program, difference, smaller => benches.CompareAsync(smaller, wiring));
            progress.Done();
        });
    }

    private static async Task<Exception> DisagreementAsync(ProgramSource source, RandomProgram program, Difference difference, Func<RandomProgram, Task<Difference?>> compare)
    {
        var smallest = await Shrinker.ShrinkAsync(program, async smaller => await compare(smaller) is not null);
        return new DisagreementException($"""
            CQRS_ROUTING_DIFFERENTIAL_SEED={source} CQRS_ROUTING_DIFFERENTIAL_PROGRAMS=1
            {ProgramText.Of(smallest)}

            {await compare(smallest) ?? difference}

            """);
    }
}
