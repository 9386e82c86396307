namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>The shop as a context type that one test has to itself.</summary>
public sealed class Shop<TTest>(DbContextOptions<Shop<TTest>> options) : ShopContext(options);
