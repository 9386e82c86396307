using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.Property(customer => customer.Name).HasMaxLength(100);
        builder.Property(customer => customer.Email).HasMaxLength(200);

        // Get-or-create is safe under concurrency only with a unique index behind it.
        builder.HasIndex(customer => customer.Email).IsUnique();
    }
}
