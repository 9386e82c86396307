using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

internal sealed class OrderConfiguration : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.Property(order => order.Status).HasConversion<string>().HasMaxLength(20);
        builder.Property(order => order.Total).HasPrecision(18, 2);
        builder.HasOne(order => order.Customer).WithMany().HasForeignKey(order => order.CustomerId);
        builder.OwnsMany(order => order.Lines, line =>
        {
            line.WithOwner().HasForeignKey("OrderId");
            line.HasKey(l => l.Id);
            line.Property(l => l.Product).HasMaxLength(100);
            line.Property(l => l.UnitPrice).HasPrecision(18, 2);
        });
    }
}
