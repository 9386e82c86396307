namespace Cqrs.Routing.Testing.Tests.Notes;

internal sealed class Note
{
    public int Id { get; init; }

    public required string Text { get; set; }
}
