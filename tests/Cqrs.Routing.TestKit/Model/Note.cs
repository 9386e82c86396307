namespace Cqrs.Routing.TestKit.Model;

/// <summary>Belongs to any entity by type and id, as Django's generic relations do: the seed's third gotcha.</summary>
public class Note
{
    public int Id { get; set; }

    public required string ParentType { get; set; }

    public int ParentId { get; set; }

    public required string Text { get; set; }
}
