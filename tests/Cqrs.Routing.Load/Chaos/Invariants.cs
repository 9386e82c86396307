using Cqrs.Routing.Load.Chaos.Faults;
using Cqrs.Routing.Load.Chaos.Load;

namespace Cqrs.Routing.Load.Chaos;

/// <summary>What must hold whatever happens to the replica.</summary>
internal static class Invariants
{
    /// <summary>Statements that led to the replica and did not read, and rows that it took while it was a primary of its own.</summary>
    public static long WritesOnReplica(Pass pass) => pass.ReplicaWrites.Writes + pass.WrittenWhilePromoted;

    /// <summary>The broken ones, of a pass that falls back.</summary>
    public static IEnumerable<string> Broken(Pass pass)
    {
        if (pass.Tally.Failed > 0)
            yield return $"{pass.Tally.Failed} queries failed.";
        if (!pass.Back.TrueForAll(back => back is not null))
            yield return "The replica was back, and queries were not.";
        foreach (var stage in FallbackStages.All.Where(stage => pass.Fallbacks.Of(stage) == 0))
            yield return $"No query fell back at the stage '{stage}', so this run shows nothing of it.";
        foreach (var broken in BrokenInAnyPass(pass))
            yield return broken;
    }

    /// <summary>The broken ones, of a pass that does not fall back: queries fail there, or this program could not fail.</summary>
    public static IEnumerable<string> BrokenWithoutFallback(Pass pass) =>
        BrokenInAnyPass(pass).Concat(pass.Tally.Failed == 0 ? ["No query failed."] : []).Select(broken => $"Without falling back: {broken}");

    private static IEnumerable<string> BrokenInAnyPass(Pass pass)
    {
        var (tally, books) = (pass.Tally, pass.Books!);
        if (tally.Stale > 0)
            yield return $"{tally.Stale} answers were stale.";
        if (tally.Wrong + books.Wrong > 0)
            yield return $"{tally.Wrong} answers were wrong, and {books.Wrong} rows are.";
        if (tally.CommandsFailed > 0)
            yield return $"{tally.CommandsFailed} commands failed, though nobody disturbed the primary.";
        if (books.Twice > 0 || books.Lost > 0)
            yield return $"{books.Twice} commands ran twice, and {books.Lost} were lost.";
        if (WritesOnReplica(pass) > 0)
            yield return $"{WritesOnReplica(pass)} writes reached the replica.";
        if (tally.OnReplica == 0)
            yield return "The replica served nothing.";
        if (!pass.After!.IsBackAt(pass.Before!))
            yield return $"Connections or memory did not return to the baseline ({pass.Before}): {pass.After}.";
    }
}
