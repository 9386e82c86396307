using CsCheck;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>Compares random nestings of requests, scopes, transactions and failures with a reference model of the rules.</summary>
public sealed class ModelTests
{
    private const int Sequences = 10_000;

    [Theory]
    [InlineData(ContextLifetime.Scoped, false)]
    [InlineData(ContextLifetime.Pooled, true)]
    public async Task No_random_program_is_misrouted(ContextLifetime lifetime, bool commandsInQueriesAllowed)
    {
        await using var pair = new SqliteMemoryPair();
        await pair.StartAsync();
        await using var app = RoutedApp.Start(pair, options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureRouting = routing => routing.AllowCommandsInQueries = commandsInQueriesAllowed;
            // A write keeps its session on the primary for a while; here for ever, so that no program depends on how fast it runs.
            options.ConfigureServices = services => services.AddSingleton<TimeProvider>(new FakeTimeProvider());
            options.ConfigureContext = (context, databases) => context
                .UseReplica(databases.Replica)
                .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning));
        });

        // One at a time, because all programs share the log of the application.
        await ProgramGen.Programs.SampleAsync(
            async program =>
            {
                var expected = ReferenceModel.Run(program, commandsInQueriesAllowed, contextsHaveScopes: lifetime == ContextLifetime.Scoped);
                var actual = await RealRun.Run(program, app);
                actual.ShouldBe(expected, ProgramText.Of(program));
            },
            iter: Sequences / 2,
            threads: 1,
            print: ProgramText.Of);
    }
}
