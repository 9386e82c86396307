using MediatR;
using Sample.Api.Demo;

namespace Sample.Api.Endpoints;

internal static class MistakeEndpoints
{
    public static void MapMistakes(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/mistakes/query-that-writes", (ISender sender, CancellationToken cancellationToken) =>
                sender.Send(new MarkOrderSeen(1), cancellationToken))
            .WithTags("Mistakes")
            .WithSummary("A query that tries to write; it is refused before anything is sent")
            .ProducesProblem(409);
}
