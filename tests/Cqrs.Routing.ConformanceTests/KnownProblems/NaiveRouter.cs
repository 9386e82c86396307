namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>What most teams write first: the type of a request picks the connection, when its context is created.</summary>
internal sealed class NaiveRouter(DatabasePair pair)
{
    public ServerLog Log { get; } = new(pair);

    public ShopContext ContextFor<TRequest>()
    {
        var isQuery = typeof(TRequest).IsAssignableTo(typeof(IQuery<object?>));
        var options = pair.Use(new DbContextOptionsBuilder<ShopContext>(), isQuery ? pair.Replica : pair.Primary).AddInterceptors(Log).Options;
        return new((DbContextOptions<ShopContext>)options);
    }
}
