using Cqrs.Routing.DocsTests.Prelude;

namespace Cqrs.Routing.DocsTests;

public sealed record AddCustomer : ICommand
{
    public sealed class Handler(AppDbContext db) : ICommandHandler<AddCustomer>
    {
        public async Task Handle(AddCustomer command, CancellationToken cancellationToken)
        {
            db.Customers.Add(new("ada@example.org"));
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
