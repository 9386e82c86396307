using MediatR;
using Sample.Api.Demo;

namespace Sample.Api.Endpoints;

internal static class MistakeEndpoints
{
    public static void MapMistakes(this IEndpointRouteBuilder app)
    {
        var mistakes = app.MapGroup("/api/mistakes").WithTags("Mistakes");
        mistakes.MapPost("query-that-writes", (ISender sender, CancellationToken cancellationToken) => sender.Send(new MarkOrderSeen(1), cancellationToken))
            .WithSummary("A query that tries to write; it is refused before anything is sent, and only told of in shadow mode")
            .ProducesProblem(409);
        mistakes.MapPost("query-that-sends-a-command/{id:int}", (int id, ISender sender, CancellationToken cancellationToken) => sender.Send(new GetReceipt(id), cancellationToken))
            .WithSummary("A query that sends a command; it is refused before the command runs, and only told of in shadow mode")
            .ProducesProblem(409);
    }
}
