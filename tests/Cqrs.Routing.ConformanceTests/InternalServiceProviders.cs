using System.Collections;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Internal;

namespace Cqrs.Routing.ConformanceTests;

/// <summary>EF's cache of its internal service providers, and with them of what they hold: InMemory databases, blocks of sequence keys.</summary>
public static class InternalServiceProviders
{
    public static void Forget()
    {
#pragma warning disable EF1001 // EF 10 has no public way to forget them.
        var cache = ServiceProviderCache.Instance;
#pragma warning restore EF1001
        ((IDictionary)cache.GetType().GetField("_configurations", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(cache)!).Clear();
    }
}
