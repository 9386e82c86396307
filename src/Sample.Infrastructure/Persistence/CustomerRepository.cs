using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

internal sealed class CustomerRepository(SampleDbContext db) : ICustomerRepository
{
    public Task<(Customer Customer, bool Created)> GetOrCreateAsync(
        string email, string name, CancellationToken cancellationToken) =>
        db.Customers.GetOrCreateAsync(customer => customer.Email == email, () => new(email, name), cancellationToken);
}
