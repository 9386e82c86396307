namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class StoreContext(DbContextOptions<StoreContext> options) : MarketContext(options);
