using System.Collections;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Internal;

namespace Cqrs.Routing.ConformanceTests;

/// <summary>One pair for all tests of a class.</summary>
public sealed class PairFixture<TPair> : IAsyncLifetime
    where TPair : DatabasePair, new()
{
    public DatabasePair Pair { get; } = new TPair();

    public async ValueTask InitializeAsync()
    {
        ForgetInternalServiceProviders();
        await Pair.StartAsync();
    }

    public ValueTask DisposeAsync() => Pair.DisposeAsync();

    // All classes together configure contexts in more than the twenty ways that EF takes for a mistake in one application.
    private static void ForgetInternalServiceProviders()
    {
#pragma warning disable EF1001 // EF 10 has no public way to forget them.
        var cache = ServiceProviderCache.Instance;
#pragma warning restore EF1001
        ((IDictionary)cache.GetType().GetField("_configurations", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(cache)!).Clear();
    }
}
