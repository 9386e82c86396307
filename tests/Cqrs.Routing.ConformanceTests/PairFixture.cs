namespace Cqrs.Routing.ConformanceTests;

/// <summary>One pair for all tests of a class.</summary>
public sealed class PairFixture<TPair> : IAsyncLifetime
    where TPair : DatabasePair, new()
{
    public DatabasePair Pair { get; } = new TPair();

    public async ValueTask InitializeAsync() => await Pair.StartAsync();

    public ValueTask DisposeAsync() => Pair.DisposeAsync();
}
