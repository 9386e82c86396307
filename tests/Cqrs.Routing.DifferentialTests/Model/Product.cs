using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>Loads its orders when they are first asked for. Its concurrency token is known to EF only.</summary>
public sealed class Product
{
    private readonly ILazyLoader? _loader;
    private List<Order>? _orders;

    public Product()
    {
    }

    private Product(ILazyLoader loader) => _loader = loader;

    public int Id { get; set; }

    public string Name { get; set; } = "";

    public int Price { get; set; }

    /// <summary>A complex type, in JSON.</summary>
    public Details Details { get; set; } = new();

    public List<Order> Orders
    {
        get => _loader.Load(this, ref _orders) ?? (_orders = []);
        set => _orders = value;
    }

    /// <summary>What there is without loading anything.</summary>
    public IReadOnlyList<Order>? KnownOrders => _orders;
}
