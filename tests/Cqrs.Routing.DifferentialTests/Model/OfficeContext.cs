namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>The same tables, seen by another part of the application.</summary>
public sealed class OfficeContext(DbContextOptions<OfficeContext> options) : MarketContext(options);
