namespace Cqrs.Routing.AspNetCore.Tests;

public sealed class Pair<TPair> : IAsyncLifetime
    where TPair : DatabasePair, new()
{
    public TPair Databases { get; } = new();

    public async ValueTask InitializeAsync() => await Databases.StartAsync();

    public ValueTask DisposeAsync() => Databases.DisposeAsync();
}
