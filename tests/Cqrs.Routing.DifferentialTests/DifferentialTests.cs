using System.Globalization;
using Cqrs.Routing.DifferentialTests.Programs;
using Cqrs.Routing.DifferentialTests.Running;
using Cqrs.Routing.DifferentialTests.Worlds;
using CsCheck;

namespace Cqrs.Routing.DifferentialTests;

/// <summary>
/// Random programs, run on EF Core alone and with a replica. Where the replica has everything, both runs agree in all that a program can see. Where it never gets anything
/// again, they agree in all but what a query reads without tracking.
/// </summary>
/// <remarks>Without a variable, programs that are the same each time. A long run of others: <c>CQRS_ROUTING_DIFFERENTIAL_PROGRAMS=1000000</c>. The same programs again: <c>CQRS_ROUTING_DIFFERENTIAL_SEED</c>, as a failure prints it.</remarks>
public sealed class DifferentialTests
{
    // The same ones each time. Others are tried with the variable set.
    private const int FixedPrograms = 2_000;
    private const ulong FixedSeed = 13;

    private static readonly int? RandomPrograms =
        int.TryParse(Environment.GetEnvironmentVariable("CQRS_ROUTING_DIFFERENTIAL_PROGRAMS"), NumberStyles.None, CultureInfo.InvariantCulture, out var programs) ? programs : null;

    private static readonly int Programs = RandomPrograms ?? FixedPrograms;

    private static readonly string? Seed = Environment.GetEnvironmentVariable("CQRS_ROUTING_DIFFERENTIAL_SEED") is { Length: > 0 } seed ? seed : null;

    [Fact]
    public async Task A_program_sees_no_replica_that_does_not_lag()
    {
        var before = ReplicaStatements.Count;
        await AgreesAsync(World.LagZero, Wiring.Routed, Programs / 2);
        (ReplicaStatements.Count - before).ShouldBeGreaterThan(Programs / 10, "The replica answered next to nothing, so this run shows nothing.");
    }

    [Fact]
    public async Task A_replica_that_stands_still_loses_no_update()
    {
        var before = ReplicaStatements.Count;
        await AgreesAsync(World.FrozenLag, Wiring.Routed, Programs / 2);
        (ReplicaStatements.Count - before).ShouldBeGreaterThan(Programs / 10, "The replica answered next to nothing, so this run shows nothing.");
    }

    /// <summary>The test of the test: these wirings agree with EF Core alone by definition, or by doing by hand what the library shall do.</summary>
    [Theory]
    [InlineData(World.LagZero, Wiring.Plain)]
    [InlineData(World.LagZero, Wiring.NoReplica)]
    [InlineData(World.LagZero, Wiring.Forced)]
    [InlineData(World.LagZero, Wiring.ByHand)]
    [InlineData(World.FrozenLag, Wiring.Forced)]
    [InlineData(World.FrozenLag, Wiring.ByHand)]
    public Task What_must_agree_agrees(World world, Wiring wiring) => AgreesAsync(world, wiring, Programs / 50);

    private static async Task AgreesAsync(World world, Wiring wiring, int programs)
    {
        using var benches = new Benches(world);
        if (RandomPrograms is null && Seed is null)
        {
            for (var number = 0u; number < programs; number++)
            {
                var program = ProgramGen.Programs.Generate(new(number, FixedSeed), null, out _);
                if (await benches.CompareAsync(program, wiring) is { } difference)
                    throw await DisagreementAsync(program, difference, smaller => benches.CompareAsync(smaller, wiring));
            }

            return;
        }

        await ProgramGen.Programs.SampleAsync(
            async program =>
            {
                if (await benches.CompareAsync(program, wiring) is { } difference)
                    throw await DisagreementAsync(program, difference, smaller => benches.CompareAsync(smaller, wiring));
            },
            seed: Seed,
            iter: Math.Max(programs, 1),
            print: ProgramText.Of);
    }

    private static async Task<Exception> DisagreementAsync(RandomProgram program, Difference difference, Func<RandomProgram, Task<Difference?>> compare)
    {
        var smallest = await Shrinker.ShrinkAsync(program, async smaller => await compare(smaller) is not null);
        return new DisagreementException($"{ProgramText.Of(smallest)}\n\n{await compare(smallest) ?? difference}\n");
    }
}
