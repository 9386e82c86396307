using System.Globalization;

namespace Cqrs.Routing.DifferentialTests;

/// <summary>Says now and then how far a long run is, and what it holds: it must not grow.</summary>
/// <param name="name">The run.</param>
/// <param name="programs">How many programs it has.</param>
/// <param name="isLong">Whether anything is said at all.</param>
public sealed class Progress(string name, int programs, bool isLong)
{
    private const int Every = 1_000;

    private int _done;

    public void Done()
    {
        var done = Interlocked.Increment(ref _done);
        if (isLong && (done % Every == 0 || done == programs))
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {done} of {programs} programs agree, {Environment.WorkingSet >> 20} MB"));
    }
}
