using MediatR;

namespace Cqrs.Routing.Benchmarks.Dispatch;

internal sealed class ChangeAfterGetHandler(ISender sender) : ICommandHandler<ChangeAfterGet, string>
{
    public Task<string> Handle(ChangeAfterGet command, CancellationToken cancellationToken) => sender.Send(Get.Instance, cancellationToken);
}
