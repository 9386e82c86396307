using MediatR;

namespace Cqrs.Routing.PackageTests.Notes;

public sealed record SendCommandInQuery : IQuery<int>
{
    internal sealed class Handler(ISender sender) : IQueryHandler<SendCommandInQuery, int>
    {
        public async Task<int> Handle(SendCommandInQuery request, CancellationToken cancellationToken)
        {
            await sender.Send(new AddNote("never"), cancellationToken);
            return 1;
        }
    }
}
