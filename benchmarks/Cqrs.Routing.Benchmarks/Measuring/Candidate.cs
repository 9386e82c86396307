namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>One way to do the same work.</summary>
/// <param name="Name">For the tables.</param>
/// <param name="Operation">Does it once.</param>
/// <param name="OtherLocals">How many <see cref="AsyncLocal{T}"/> of others have a value in the flow that does it.</param>
internal sealed record Candidate(string Name, Func<Task> Operation, int OtherLocals = 0)
{
    private static readonly AsyncLocal<object>[] Others = [new(), new(), new(), new()];

    /// <summary>Does it so many times, one after the other.</summary>
    public async Task RunAsync(int times)
    {
        // This method's flow alone: whoever awaits it has none of them.
        foreach (var other in Others.Take(OtherLocals))
            other.Value = other;
        for (var time = 0; time < times; time++)
            await Operation();
    }
}
