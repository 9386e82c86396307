using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

/// <summary>Scoped and holding its context from the start, as real repositories do.</summary>
internal sealed class OrderRepository(SampleDbContext db) : IOrderRepository
{
    public Task<Order?> FindAsync(int orderId, CancellationToken cancellationToken) =>
        db.Orders.Include(order => order.Customer).SingleOrDefaultAsync(order => order.Id == orderId, cancellationToken);

    // Not tracked, so that the replica serves it.
    public Task<Order?> ReadAsync(int orderId, CancellationToken cancellationToken) =>
        db.Orders.AsNoTracking().Include(order => order.Customer).SingleOrDefaultAsync(order => order.Id == orderId, cancellationToken);

    public void Add(Order order) => db.Orders.Add(order);
}
