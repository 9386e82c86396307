namespace Cqrs.Routing.ConformanceTests;

/// <summary>The base class of conformance cases, which run once per kind of database pair. Each test begins with a lagging replica.</summary>
public abstract class ConformanceTest(DatabasePair pair) : IAsyncLifetime
{
    protected DatabasePair Pair { get; } = pair;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Pair.SkipReason is not null, Pair.SkipReason ?? "");
        await Pair.ResetAsync();
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected RoutedApp Start(Action<RoutedAppOptions>? configure = null) => RoutedApp.Start(Pair, configure);
}
