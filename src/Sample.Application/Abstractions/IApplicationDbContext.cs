using Microsoft.EntityFrameworkCore;
using Sample.Application.Domain;

namespace Sample.Application.Abstractions;

/// <summary>The data, without the provider that stores it.</summary>
public interface IApplicationDbContext
{
    /// <summary>The orders.</summary>
    DbSet<Order> Orders { get; }

    /// <summary>The loyalty ledger.</summary>
    DbSet<LoyaltyEntry> Loyalty { get; }

    /// <summary>Writes what changed.</summary>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
