namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>Counts bytes, which are stable where times are not.</summary>
internal static class Allocations
{
    private const int Times = 200;
    private const int Rounds = 15;

    /// <summary>
    /// Bytes per time that one allocates more than the other, in a flow without an AsyncLocal: the median of several rounds of both, since code that is compiled anew meanwhile may
    /// allocate less than before, in both alike. What is awaited has to be done at once, or it would allocate on other threads.
    /// </summary>
    public static long More(Func<Task> subject, Func<Task> baseline)
    {
        var differences = new long[Rounds];
        var thread = new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
                differences[round] = Of(subject) - Of(baseline);
        });
        thread.UnsafeStart();
        thread.Join();
        Array.Sort(differences);
        return differences[Rounds / 2];
    }

    private static long Of(Func<Task> act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < Times; time++)
            Finish(act());
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }

    private static void Finish(Task task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("It waits.");
        task.GetAwaiter().GetResult();
    }
}
