namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>Counts bytes, which are stable where times are not.</summary>
internal static class Allocations
{
    private const int Times = 200;

    /// <summary>
    /// Bytes per time, in a flow without an AsyncLocal: the best of several tries, since tiered compilation and the like allocate too, now and then.
    /// What is awaited has to be done at once, or it would allocate on other threads.
    /// </summary>
    public static long Of(Func<Task> act)
    {
        var least = long.MaxValue;
        var thread = new Thread(() =>
        {
            for (var attempt = 0; attempt < 10; attempt++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var time = 0; time < Times; time++)
                    Finish(act());
                least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Times);
            }
        });
        thread.UnsafeStart();
        thread.Join();
        return least;
    }

    private static void Finish(Task task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("It waits.");
        task.GetAwaiter().GetResult();
    }
}
