namespace Cqrs.Routing.MistakeTests.Application;

public sealed class AuditEntry
{
    public int Id { get; set; }

    public required string Text { get; set; }
}
