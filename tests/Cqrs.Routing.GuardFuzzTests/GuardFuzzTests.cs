using System.Diagnostics;
using Cqrs.Routing.GuardFuzzTests.Judges;
using Cqrs.Routing.GuardFuzzTests.Texts;
using Cqrs.Routing.SqlText;
using Cqrs.Routing.TestServers;

namespace Cqrs.Routing.GuardFuzzTests;

/// <summary>Random texts, of which those that the guard lets through are executed on a copy: nothing may have changed. And reads, of which it may refuse few.</summary>
/// <remarks>
/// Without a variable, the same texts each time for half a minute on each database. A long run of others: <c>CQRS_ROUTING_FUZZ_TEXTS=100000</c>. The same ones again:
/// <c>CQRS_ROUTING_FUZZ_SEED</c>, as the run prints it.
/// </remarks>
public sealed class GuardFuzzTests
{
    [Fact]
    public async Task SQLite_changes_nothing_for_what_is_let_through()
    {
        await using var judge = new SqliteJudge();
        await NothingChangesAsync(judge, Grammar.Sqlite, SqlDialect.Sqlite);
    }

    [Fact]
    public async Task PostgreSQL_changes_nothing_for_what_is_let_through()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        await using var judge = await PostgresJudge.StartAsync();
        await NothingChangesAsync(judge, Grammar.PostgreSql, SqlDialect.PostgreSql);
    }

    /// <summary>The test of the test: each write of the grammar is seen by the judge, or refused by the database.</summary>
    [Fact]
    public async Task SQLite_sees_what_writes_do()
    {
        var seen = 0;
        foreach (var write in Grammar.Sqlite.Writes)
        {
            await using var judge = new SqliteJudge();
            var (succeeded, change) = await judge.TryAsync(write);
            seen += change is null ? 0 : 1;
            SqlClassifier.Classify(write, SqlDialect.Sqlite).IsRead.ShouldBeFalse(write);
            (change is not null || !succeeded || IsUnseen(write)).ShouldBeTrue(write);
        }

        seen.ShouldBeGreaterThan(15);

        // Nothing to analyze, to vacuum or to reindex, and an EXPLAIN that executes nothing.
        static bool IsUnseen(string write) => write is "REINDEX" or "VACUUM" or "PRAGMA optimize" or "PRAGMA journal_mode = OFF" || write.StartsWith("EXPLAIN", StringComparison.Ordinal) || write.Contains("pragma_optimize", StringComparison.Ordinal);
    }

    [Fact]
    public async Task SQLite_has_few_reads_refused()
    {
        await using var judge = new SqliteJudge();
        (await RefusedReadsAsync(judge, Grammar.Sqlite, SqlDialect.Sqlite)).ShouldBe(0);
    }

    [Fact]
    public async Task PostgreSQL_has_few_reads_refused()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        await using var judge = await PostgresJudge.StartAsync();
        (await RefusedReadsAsync(judge, Grammar.PostgreSql, SqlDialect.PostgreSql)).ShouldBe(0);
    }

    private static async Task NothingChangesAsync(IJudge judge, Grammar grammar, SqlDialect dialect)
    {
        var source = new TextSource(FuzzSettings.Seed, grammar);
        var clock = Stopwatch.StartNew();
        var (number, letThrough, executed) = (0, 0, 0);
        for (; number < (FuzzSettings.Texts ?? int.MaxValue) && clock.Elapsed < FuzzSettings.Time; number++)
        {
            var text = source.Any(number);
            if (!SqlClassifier.Classify(text, dialect).IsRead)
                continue;

            letThrough++;
            var (succeeded, change) = await judge.TryAsync(text);
            executed += succeeded ? 1 : 0;
            change.ShouldBeNull($"CQRS_ROUTING_FUZZ_SEED={FuzzSettings.Seed}, text {number}:\n{text}\n");
        }

        Report($"{dialect}: {number} texts, of which {letThrough} were let through and {executed} executed to the end, changed nothing");
        executed.ShouldBeGreaterThan(number / 50, "next to nothing was executed, so this run shows nothing");
    }

    // Of the generated reads that the database executes and that change nothing, per 10,000.
    private static async Task<int> RefusedReadsAsync(IJudge judge, Grammar grammar, SqlDialect dialect)
    {
        const int Reads = 10_000;
        var source = new TextSource(13, grammar);
        var refused = new Dictionary<string, int>();
        for (var number = 0; number < Reads; number++)
        {
            var text = source.Read(number);
            if (SqlClassifier.Classify(text, dialect).WriteKeyword is not { } offender || await judge.TryAsync(text) is not (true, null))
                continue;

            refused[offender] = refused.GetValueOrDefault(offender) + 1;
        }

        Report($"{dialect}: {refused.Values.Sum()} of {Reads} generated reads are refused: {string.Join(", ", refused.Select(pair => $"{pair.Value} for {pair.Key}"))}");
        return refused.Values.Sum();
    }

    private static void Report(string line) => Console.Error.WriteLine($"CQRS_ROUTING_FUZZ_SEED={FuzzSettings.Seed} {line}");
}
