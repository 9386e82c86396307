namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>What a handler of the application has at hand.</summary>
public sealed record Work(IServiceProvider Services, CancellationToken CancellationToken = default)
{
    public ShopContext Shop => Services.GetRequiredService<ShopContext>();

    public AuditContext Audit => Services.GetRequiredService<AuditContext>();

    public ISender Sender => Services.GetRequiredService<ISender>();

    /// <summary>Reads the product of the first order, which tells the servers apart.</summary>
    public async Task<object?> ReadAsync() => await Shop.Orders.Select(order => order.Product).FirstAsync(CancellationToken);

    public async Task<object?> SaveAsync(string product = "coffee")
    {
        Shop.Orders.Add(new Order { Product = product });
        return await Shop.SaveChangesAsync(CancellationToken);
    }
}
