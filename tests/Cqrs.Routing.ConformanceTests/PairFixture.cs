namespace Cqrs.Routing.ConformanceTests;

/// <summary>One pair for all tests of a class.</summary>
public sealed class PairFixture<TPair> : IAsyncLifetime
    where TPair : DatabasePair, new()
{
    public DatabasePair Pair { get; } = new TPair();

    public async ValueTask InitializeAsync()
    {
        // All classes together configure contexts in more than the twenty ways that EF takes for a mistake in one application. No test runs meanwhile.
        InternalServiceProviders.Forget();
        await Pair.StartAsync();
    }

    public ValueTask DisposeAsync() => Pair.DisposeAsync();
}
